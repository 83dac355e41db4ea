import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { configure, getLogger, withContext } from "@logtape/logtape";
import { ACCESS, configureLogs, ERROR_FILES_KEPT, FILES_KEPT, MAX_FILE_BYTES } from "./log.ts";
import type { Settings } from "./settings.ts";

const web = getLogger(["farchat", "web"]);

/** Configures the logs, runs `work` and returns the lines on standard error. */
async function lines(settings: Partial<Settings>, work: () => void | Promise<void>) {
  const written: string[] = [];
  await configureLogs({ LOG_LEVEL: "info", LOG_FILE: undefined, ...settings }, (line) => {
    written.push(line);
  });
  try {
    await work();
  } finally {
    await configure({ reset: true, sinks: {}, loggers: [] }); // closes the files
  }
  return written;
}

function inFolder(work: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = Deno.makeTempDirSync({ prefix: "farchat_log_" });
    try {
      await work(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

const records = (path: string) =>
  readFileSync(path, "utf8").trimEnd().split("\n").filter(Boolean).map((line) => JSON.parse(line));

Deno.test("a line is one JSON document with time, level, logger, message and its facts", async () => {
  const [line, ...more] = await lines({}, () => {
    web.warn("{count} answers were cut off", { count: 2, message: "kept apart" });
    web.debug("below the level");
  });
  assert.deepEqual(more, []);
  assert.match(line, /^\{.*\}\n$/);
  const { "@timestamp": time, ...rest } = JSON.parse(line);
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
  assert.deepEqual(rest, {
    level: "WARN",
    logger: "farchat.web",
    message: "2 answers were cut off",
    count: 2,
    message_: "kept apart",
  });
});

Deno.test("every line of a request has its id, also after awaiting and in timers, and no other's", async () => {
  const written = await lines({}, async () => {
    const request = (requestId: string) =>
      withContext({ requestId }, async () => {
        web.info("first");
        await new Promise((resolve) => setTimeout(resolve, 1));
        web.info("second");
      });
    await Promise.all(["one", "two", "three"].map(request));
    web.info("outside");
  });
  const ids = written.map((line) => JSON.parse(line).requestId);
  assert.deepEqual(ids.sort(), ["one", "one", "three", "three", "two", "two", undefined]);
});

Deno.test(
  "LOG_FILE has what the application says, beside it are access.log and errors.log",
  inFolder(async (folder) => {
    await lines({ LOG_FILE: join(folder, "logs", "farchat.log") }, () => {
      web.info("started");
      web.error("failed");
      getLogger(ACCESS).info("GET /about 200");
    });
    const messages = (name: string) =>
      records(join(folder, "logs", name)).map(({ message }) => message);
    assert.deepEqual(readdirSync(join(folder, "logs")).sort(), [
      "access.log",
      "errors.log",
      "farchat.log",
    ]);
    assert.deepEqual(messages("farchat.log"), ["started", "failed"]);
    assert.deepEqual(messages("errors.log"), ["failed"]);
    assert.deepEqual(messages("access.log"), ["GET /about 200"]);
    if (Deno.build.os !== "windows") {
      assert.equal(statSync(join(folder, "logs")).mode & 0o777, 0o700, "for this user alone");
    }
  }),
);

Deno.test(
  "LOG_FILE may be a folder; one that can't be written is told with a way on",
  inFolder(async (folder) => {
    await lines({ LOG_FILE: folder }, () => web.info("started"));
    assert.equal(records(join(folder, "farchat.log")).length, 1);
    Deno.writeTextFileSync(join(folder, "file"), "");
    await assert.rejects(
      lines({ LOG_FILE: join(folder, "file", "farchat.log") }, () => {}),
      (error: Error & { next: string }) => {
        assert.match(error.message, /LOG_FILE/);
        assert.match(error.next, /farchat_data\/logs/);
        assert.ok(!error.message.includes(folder));
        return true;
      },
    );
  }),
);

Deno.test(
  "errors are in the file at once, before anything is closed",
  inFolder(async (folder) => {
    await lines({ LOG_FILE: join(folder, "farchat.log") }, () => {
      web.error("the disk is full");
      assert.equal(records(join(folder, "errors.log")).length, 1);
    });
  }),
);

Deno.test(
  "a log is rotated at 10 MB, five older files are kept, of errors ten",
  inFolder(async (folder) => {
    assert.equal(MAX_FILE_BYTES, 10 * 1024 * 1024);
    assert.equal(ERROR_FILES_KEPT, 10);
    const padding = "x".repeat(2 * 1024 * 1024);
    await lines({ LOG_FILE: join(folder, "farchat.log") }, () => {
      for (let number = 0; number < 40; number++) web.info("line", { number, padding });
    });
    const files = readdirSync(folder).filter((name) => name.startsWith("farchat.log"));
    assert.equal(FILES_KEPT, 5);
    assert.equal(files.length, 1 + FILES_KEPT, files.join());
    for (const name of files) {
      assert.ok(statSync(join(folder, name)).size <= MAX_FILE_BYTES, name);
    }
    assert.equal(records(join(folder, "farchat.log")).at(-1).number, 39, "the newest is current");
    const kept = files.flatMap((name) => records(join(folder, name))).map(({ number }) => number);
    assert.deepEqual(
      kept.sort((a, b) => a - b),
      Array.from({ length: kept.length }, (_, i) => 40 - kept.length + i),
      "the newest without a gap",
    );
  }),
);

Deno.test("questions and answers are in the log only with LOG_QUESTIONS", async () => {
  const say = () => {
    web.info("asked: {question}", { question: "Who buys tents?", answer: "The tent officer." });
    web.error("failed", { error: { query: "Who buys tents?" } });
  };
  const without = (await lines({}, say)).join("");
  assert.doesNotMatch(without, /tent/);
  assert.match(without, /asked: \[redacted\]/);
  const withThem = (await lines({ LOG_QUESTIONS: true }, say)).join("");
  assert.match(withThem, /asked: Who buys tents\?/);
  assert.match(withThem, /The tent officer/);
});

Deno.test("a value can't begin a line of its own or color a terminal", async () => {
  const written = await lines({}, () => {
    web.info("{method} failed", {
      method: 'GET\n{"level":"INFO","message":"all is well"}\x1b[31m',
    });
  });
  assert.equal(written.length, 1);
  assert.equal(written[0].trimEnd().split("\n").length, 1);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(JSON.parse(written[0]).message, /[\x00-\x1f]/);
});

Deno.test("DEBUG in production is warned of, elsewhere it is not", async () => {
  const production = { ENVIRONMENT: "production", DEBUG: true } as const;
  assert.match((await lines(production, () => {})).join(""), /DEBUG is on/);
  assert.deepEqual(await lines({ ...production, DEBUG: false }, () => {}), []);
  assert.deepEqual(await lines({ ...production, ENVIRONMENT: "development" }, () => {}), []);
});

Deno.test("without LOG_FILE no file is written", async () => {
  await lines({}, () => web.error("failed"));
  assert.ok(!existsSync("farchat.log") && !existsSync("errors.log"));
});
