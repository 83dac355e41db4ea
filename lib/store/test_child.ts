/** A process of its own for tests of several processes: `deno run test_child.ts FILE TASK [N]`. */
import { openStore } from "./store.ts";
import { EMBEDDER, manySections, newDocument } from "./test_store.ts";

const [path, task, name = "1"] = Deno.args;
const say = (word: string) => Deno.stdout.writeSync(new TextEncoder().encode(word + "\n"));
const big = newDocument({ sha256: "b".repeat(64), name: "big.xml" });

try {
  const store = openStore({ path });
  switch (task) {
    case "open":
      say(`opened ${store.counts().chunks}`);
      break;
    case "hold":
      // Everything written and nothing committed, until it is killed.
      store.transaction(() => {
        store.documents.replace(big, manySections(200, 5), {
          replaces: store.documents.list().map(({ id }) => id),
        });
        say("inside");
        while (true) { /* held */ }
      });
      break;
    case "replace": {
      const sections = manySections(1500, 6);
      const replaces = store.documents.list().map(({ id }) => id);
      say("starting");
      store.documents.replace(big, sections, { replaces });
      say("finished");
      break;
    }
    case "write":
      store.setEmbedder(EMBEDDER);
      for (let i = 0; i < 20; i++) {
        const sha256 = `${name}-${i}`;
        store.documents.replace(
          newDocument({ collection: "uploads", sha256, name: sha256 }),
          manySections(3, 2, "uploads"),
        );
        store.settings.set(`last of ${name}`, String(i));
      }
      say("written");
      break;
    default:
      throw new TypeError(`A task was expected, found "${task}"`);
  }
  store.close();
} catch (error) {
  // As the command line does: the message alone.
  say(String(error));
  Deno.exit(1);
}
