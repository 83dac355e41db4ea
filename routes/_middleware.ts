import { bodyLimit } from "../lib/web/body_limit.ts";
import { knowBrowser } from "../lib/web/browser.ts";
import { crossOrigin } from "../lib/web/cross_origin.ts";
import { problems } from "../lib/web/problems.ts";
import { rateLimits } from "../lib/web/rate_limit.ts";
import { sameOrigin } from "../lib/web/same_origin.ts";
import { timeLimit } from "../lib/web/time_limit.ts";
import { define } from "../utils.ts";

/** A question is at most 4,000 characters; what is larger than this is not one. */
const MAX_BODY_BYTES = 64 * 1024;

/** What every page and every API call passes, in this order; `problems` sees what the others refuse. */
export default define.middleware([
  crossOrigin(),
  problems(),
  rateLimits(),
  timeLimit(),
  sameOrigin(),
  bodyLimit(MAX_BODY_BYTES),
  knowBrowser(),
]);
