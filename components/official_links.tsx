import type { Regulation } from "../lib/regulation/types.ts";
import { officialLinks } from "../lib/regulation/links.ts";

/** Links to the same section where the government publishes it. */
export function OfficialLinks({ collection, number }: { collection: Regulation; number: string }) {
  const { ecfr, acquisition } = officialLinks(collection, number);
  return (
    <ul class="ruled">
      <li>
        <a href={ecfr} rel="external noreferrer">{number} at the eCFR</a>
      </li>
      <li>
        <a href={acquisition} rel="external noreferrer">{number} at acquisition.gov</a>
      </li>
    </ul>
  );
}
