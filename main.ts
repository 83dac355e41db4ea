/** The command line of FARchat: one subcommand a line. Each command is a module that is loaded when it is asked for. */
import { runCommand } from "./commands/run.ts";

Deno.exit(
  await runCommand(Deno.args, {
    serve: async (args) => (await import("./commands/serve.ts")).serveCommand(args),
    ingest: async (args) => (await import("./commands/ingest.ts")).ingestCommand(args),
    search: async (args) => (await import("./commands/search.ts")).searchCommand(args),
    ask: async (args) => (await import("./commands/ask.ts")).askCommand(args),
    eval: async (args) => (await import("./commands/eval.ts")).evalCommand(args),
    key: async (args) => (await import("./commands/key.ts")).keyCommand(args),
    doctor: async (args) => (await import("./commands/doctor.ts")).doctorCommand(args),
    backup: async (args) => (await import("./commands/backup.ts")).backupCommand(args),
    restore: async (args) => (await import("./commands/restore.ts")).restoreCommand(args),
    verify: async (args) => (await import("./commands/verify.ts")).verifyCommand(args),
    openapi: async (args) => (await import("./commands/openapi.ts")).openapiCommand(args),
    healthcheck: async (args) =>
      (await import("./commands/healthcheck.ts")).healthcheckCommand(args),
    version: async (args) => (await import("./commands/version.ts")).versionCommand(args),
  }),
);
