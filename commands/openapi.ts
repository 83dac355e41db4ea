import { parseArgs } from "node:util";
import { apiDocument } from "../lib/api/document.ts";

/** `farchat openapi`: prints the API's description, an OpenAPI 3.1 document in JSON. Needs no data folder. */
export async function openapiCommand(args: string[]): Promise<number> {
  // Every command takes --json; here nothing else is printed anyway.
  parseArgs({ args, options: { json: { type: "boolean" } } });
  console.log(JSON.stringify(await apiDocument(), null, 2));
  return 0;
}
