/** Lists that grow come in pages: `next` of one page is `cursor` of the request for the one after it. */
import { z } from "zod";

/** Of the query of a list. */
export const paging = {
  limit: z.coerce.number("expected a number").int().min(1).max(100).default(50).meta({
    description: "How many a page has at most.",
  }),
  cursor: z.string().max(100).optional().meta({
    description: "`next` of the page before; absent for the first page.",
  }),
};

/** Of the answer. */
export const nextPage = z.string().optional().meta({
  description: "The cursor of the next page; absent on the last one. Its form may change.",
});
