/** A FARchat in one process: the store, the embedder, retrieval and answers, put together. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { ClaudeAnswerer } from "./answer/claude.ts";
import type { ClaudeAccess } from "./answer/claude_client.ts";
import { ClaudeRewriter } from "./answer/claude_rewriter.ts";
import { ExtractiveAnswerer } from "./answer/extractive.ts";
import { AnswerService } from "./answer/service.ts";
import { createEmbedder, type LocalEmbedder } from "./embed/embedder.ts";
import { remembering } from "./embed/remembering.ts";
import { embedderRecord } from "./ingest/embedder_record.ts";
import { placePreparedDatabase, useUnpackSettings, withPreparedDatabase } from "./native/mod.ts";
import { Problem } from "./problem.ts";
import { answerWatch } from "./ops/answer_watch.ts";
import { hideInLogs } from "./ops/log.ts";
import { Metrics } from "./ops/metrics.ts";
import { WatchedRetriever } from "./ops/watched_retriever.ts";
import type { Retriever } from "./retrieve/retriever.ts";
import { seedStarter, vectorsByText } from "./retrieve/starter.ts";
import { lockDataFolder } from "./ops/data_lock.ts";
import { loadSettings, type Settings, type SettingSources } from "./ops/settings.ts";
import { openStore, type Store } from "./store/mod.ts";
import { VERSION } from "./version.ts";

/** What pages, the API and the commands work with. */
export interface Farchat {
  readonly version: string;
  readonly settings: Settings;
  readonly store: Store;
  readonly embedder: LocalEmbedder;
  readonly retriever: Retriever;
  readonly answers: AnswerService;
  readonly metrics: Metrics;
  /** Which regulations' official text is loaded. */
  corpus(): { far: boolean; dfars: boolean };
  /** Files that wait to be ingested, where this process ingests. */
  ingestionQueue?: () => number;
  close(): Promise<void>;
}

/** The name of the database file in the data folder. */
export const DATABASE_FILE = "farchat.db";

/** How to open a FARchat. */
export interface OpenOptions {
  /** Where the settings came from: with it, what is stored in the database counts too. */
  sources?: SettingSources;
  /** Take the data folder for this process alone among servers; other commands still work beside it. */
  lock?: boolean;
}

/**
 * Opens the data folder (made where it is missing), brings the database and the starter corpus up to date and puts
 * the parts together. The model is not loaded yet: `embedder.warmUp()` does, or the first use. Throws a `Problem`
 * where the folder can't be written or is another server's, and for whatever `openStore` refuses; vectors of another
 * embedder are refused with the command that makes them again.
 */
export async function openFarchat(
  settings: Settings,
  options: OpenOptions = {},
): Promise<Farchat> {
  const path = databasePath(settings);
  const lock = options.lock ? await lockDataFolder(settings.FARCHAT_DATA) : undefined;
  try {
    const store = openStore({ path });
    try {
      const { sources } = options;
      const all = sources ? loadSettings({ ...sources, stored: store.settings.all() }) : settings;
      return assemble(all, store, () => lock?.release());
    } catch (error) {
      store.close();
      throw error;
    }
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function assemble(settings: Settings, store: Store, closed: () => void): Farchat {
  seedStarter(store, {
    vectorsOf: () =>
      withPreparedDatabase(settings.FARCHAT_DATA, (path) => {
        const prepared = openStore({ path });
        try {
          return vectorsByText(prepared);
        } finally {
          prepared.close();
        }
      }),
  });
  const log = getLogger(["farchat", "embed"]);
  const embedder = createEmbedder({
    modelsDir: settings.FARCHAT_MODELS_DIR,
    onNotice: (message, cause) => log.warn(message, { cause }),
  });
  store.checkEmbedder(embedderRecord(embedder));
  hideInLogs(settings);
  const metrics = new Metrics();
  const retriever = new WatchedRetriever(metrics, store, embedder);
  const answers = new AnswerService({
    store,
    retriever,
    ...writers(settings, store, embedder),
    atOnce: settings.MAX_ANSWERS_AT_ONCE,
    watch: answerWatch(metrics, { logQuestions: settings.LOG_QUESTIONS }),
  });
  return {
    version: VERSION,
    settings,
    store,
    embedder,
    retriever,
    answers,
    metrics,
    corpus: () => {
      const { far, dfars } = store.counts().sections;
      return { far: far > 0, dfars: dfars > 0 };
    },
    async close() {
      await answers.close();
      await embedder.close();
      store.close();
      closed();
    },
  };
}

/**
 * Where the database of these settings is; makes the data folder. An executable puts the database that it brings
 * there when there is none.
 */
export function databasePath(
  settings: Pick<Settings, "FARCHAT_DATA" | "FARCHAT_CACHE_DIR">,
): string {
  useUnpackSettings(settings);
  try {
    mkdirSync(settings.FARCHAT_DATA, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Problem(
      "Expected a data folder that can be made and written, found one that can't.",
      {
        next:
          "Choose another with --data FOLDER or FARCHAT_DATA, or give this user the right to write there.",
        cause,
      },
    );
  }
  const path = join(settings.FARCHAT_DATA, DATABASE_FILE);
  placePreparedDatabase(path);
  return path;
}

/** Who writes: Claude where there is a key, and who makes its follow-ups stand alone where that is wanted. */
function writers(settings: Settings, store: Store, embedder: LocalEmbedder) {
  const extractive = new ExtractiveAnswerer(store, remembering(embedder));
  if (!settings.ANTHROPIC_API_KEY) return { answerers: { extractive } };
  const access: ClaudeAccess = {
    apiKey: settings.ANTHROPIC_API_KEY,
    model: settings.CLAUDE_MODEL,
    baseURL: settings.ANTHROPIC_BASE_URL,
    prices: { input: settings.CLAUDE_PRICE_INPUT, output: settings.CLAUDE_PRICE_OUTPUT },
  };
  return {
    answerers: { claude: new ClaudeAnswerer(access, store, extractive), extractive },
    rewriter: settings.CLAUDE_REWRITES_FOLLOW_UPS ? new ClaudeRewriter(access) : undefined,
  };
}
