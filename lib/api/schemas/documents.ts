/** What the API says of ingested documents. */
import { z } from "zod";
import { Time } from "./answers.ts";
import { nextPage, paging } from "./paging.ts";
import { Collection } from "./regulation.ts";

export const DocumentsQuery = z.object({ collection: Collection.optional(), ...paging });

export const Document = z.object({
  id: z.int().min(1),
  name: z.string().meta({ description: "The file's name." }),
  collection: Collection,
  sections: z.int().min(0),
  words: z.int().min(0),
  chunks: z.int().min(0).meta({ description: "Pieces that are searched." }),
  versionDate: z.string().optional().meta({ description: '"2026-11-02", where the source says.' }),
  ingested: Time,
  notices: z.array(z.string()).meta({ description: "What was odd in it and kept." }),
}).meta({ id: "Document" });

export const Documents = z.object({
  documents: z.array(Document).meta({ description: "In the order in which they were ingested." }),
  next: nextPage,
}).meta({ id: "Documents" });
