import { Head } from "fresh/runtime";
import type { RegulationPage } from "../lib/pages/regulation_page.ts";
import { citationLabel, collectionName } from "../lib/regulation/links.ts";
import type { Regulation } from "../lib/regulation/types.ts";
import { PartView } from "./outline_view.tsx";
import { ProblemPage } from "./problem_page.tsx";
import { SectionView } from "./section_view.tsx";

interface RegulationPageViewProps {
  collection: Regulation;
  page: Exclude<RegulationPage, { kind: "elsewhere" }>;
  /** The words to mark, from the address. */
  mark: string | null;
}

/** A section, a part, a subpart, or what is nearest to a number that does not exist. */
export function RegulationPageView({ collection, page, mark }: RegulationPageViewProps) {
  const name = collectionName(collection);
  switch (page.kind) {
    case "section": {
      const { number, title } = page.section;
      return (
        <>
          <Head>
            <title>{`${citationLabel(collection, number)} ${title} | FARchat`}</title>
          </Head>
          <SectionView page={page.section} mark={mark} />
        </>
      );
    }
    case "outline": {
      const { part, subparts, only } = page;
      const what = only ? `subpart ${only}` : `part ${part.number}`;
      return (
        <>
          <Head>
            <title>{`${name} ${what} | FARchat`}</title>
          </Head>
          <PartView collection={collection} part={part} subparts={subparts} only={only} />
        </>
      );
    }
    case "missing":
      return (
        <>
          <Head>
            <title>{`${name} ${page.number} was not found | FARchat`}</title>
          </Head>
          <ProblemPage
            title={`${name} ${page.number} was not found`}
            message={`Expected the number of a part, subpart or section of the ${name}, such as ${
              collection === "far" ? "15.403-1" : "252.204-7012"
            }; there is none called “${page.number}”.`}
            next="Look at the nearest numbers, or search for its words in the field at the top."
            nearest={page.nearest}
          />
        </>
      );
  }
}
