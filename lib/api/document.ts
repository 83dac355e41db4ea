/** The description of the API: an OpenAPI 3.1 document, made from the operations that answer. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { VERSION } from "../version.ts";
import { ALWAYS_TOLD, MORE_SCHEMAS, OPERATIONS, TAGS } from "./operations.ts";

export type ApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const ABOUT = `Questions about the FAR and the DFARS, answered with a citation for every statement.

There are no tokens yet: programs may call it, browsers only from this server's own pages. A conversation belongs to
the cookie \`farchat_browser\`, which the first answer sets: keep it to go on with the conversation.

Errors are RFC 9457 problems; their \`type\` is stable. Fields may be added to answers and kinds of events to streams:
ignore what you do not know. What is described here is not taken away before /api/v2.`;

let made: Promise<ApiDocument> | undefined;

/** The document. It is made at the first call: what makes it takes longer to load than a page to show. */
export function apiDocument(): Promise<ApiDocument> {
  return made ??= make();
}

async function make(): Promise<ApiDocument> {
  const { OpenAPIHono } = await import("@hono/zod-openapi");
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono();
  openAPIRegistry.registerComponent("securitySchemes", "browser", {
    type: "apiKey",
    in: "cookie",
    name: "farchat_browser",
    description: "Made by the server at the first request. Conversations belong to it.",
  });
  for (const schema of MORE_SCHEMAS) {
    const { id, ...about } = schema.meta()!;
    // A copy: those made before the import above lack what registering needs.
    openAPIRegistry.register(id!, schema.meta(about));
  }
  for (const [operationId, operation] of Object.entries(OPERATIONS)) {
    const responses = { ...operation.responses, ...ALWAYS_TOLD };
    openAPIRegistry.registerPath({ ...operation, operationId, responses });
  }
  const { webhooks: _, ...document } = getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "FARchat",
      version: VERSION,
      description: ABOUT,
      license: { name: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: TAGS,
  });
  return document;
}
