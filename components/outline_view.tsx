import { collectionName } from "../lib/regulation/links.ts";
import type { Regulation } from "../lib/regulation/types.ts";
import type { OutlineSubpart } from "../lib/store/mod.ts";
import type { OutlinePart } from "../lib/store/types.ts";
import { Breadcrumbs } from "./breadcrumbs.tsx";
import { LoadingHelp } from "./loading_help.tsx";
import { type OutlineItem, OutlineList } from "./outline_list.tsx";
import { titleCase } from "./title_case.ts";

const FULL_NAME = {
  far: "Federal Acquisition Regulation",
  dfars: "Defense Federal Acquisition Regulation Supplement",
} as const;

interface RegulationViewProps {
  collection: Regulation;
  parts: OutlinePart[];
  loaded: boolean;
}

/** The parts of a regulation under their subchapters. */
export function RegulationView({ collection, parts, loaded }: RegulationViewProps) {
  const groups: { title: string; parts: OutlinePart[] }[] = [];
  for (const part of parts) {
    const { number, title } = part.subchapter ?? { number: "", title: "" };
    const heading = number ? `Subchapter ${number}, ${titleCase(title)}` : "Parts";
    if (groups.at(-1)?.title !== heading) groups.push({ title: heading, parts: [] });
    groups[groups.length - 1].parts.push(part);
  }
  return (
    <div class="outline">
      <h1 class="page-title">{FULL_NAME[collection]}</h1>
      <p class="page-note tabular">
        {collectionName(collection)}, 48 CFR chapter {collection === "far" ? 1 : 2}: {parts.length}
        {" "}
        parts, {parts.reduce((sum, part) => sum + part.sections, 0).toLocaleString("en-US")}{" "}
        sections
      </p>
      {!loaded && <LoadingHelp what={`the ${collectionName(collection)}`} />}
      {groups.map((group) => (
        <section key={group.title}>
          <h2>{group.title}</h2>
          <ul class="outline-list parts">
            {group.parts.map(({ number, title }) => (
              <li key={number}>
                <a href={`/${collection}/${number}`}>
                  <span class="number">Part {number}</span>
                  <span class="title">{titleCase(title)}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface PartViewProps {
  collection: Regulation;
  part: OutlinePart;
  subparts: OutlineSubpart[];
  /** Only this subpart is shown. */
  only?: string;
}

/** A part, or one subpart of it, with its sections. */
export function PartView({ collection, part, subparts, only }: PartViewProps) {
  const shown = only ? subparts.filter((subpart) => subpart.number === only) : subparts;
  const index = subparts.findIndex((subpart) => subpart.number === only);
  const beside = only
    ? [subparts[index - 1], subparts[index + 1]].filter((subpart) => subpart?.number)
    : [];
  return (
    <div class="outline">
      <Breadcrumbs
        crumbs={[
          { label: collectionName(collection), href: `/${collection}` },
          {
            label: `Part ${part.number}`,
            title: only ? part.title : undefined,
            href: only ? `/${collection}/${part.number}` : undefined,
          },
          ...(only ? [{ label: `Subpart ${only}` }] : []),
        ]}
      />
      {only
        ? (
          <h1 class="page-title">
            <span class="number">{collectionName(collection)} Subpart {only}</span>{" "}
            {titleCase(shown[0]?.title ?? "")}
          </h1>
        )
        : (
          <h1 class="page-title">
            <span class="number">{collectionName(collection)} Part {part.number}</span>{" "}
            {titleCase(part.title)}
          </h1>
        )}
      {shown.map(({ number, title, sections }) => (
        <section key={number}>
          {!only && (
            <h2>
              {number
                ? <a href={`/${collection}/${number}`}>Subpart {number}, {titleCase(title)}</a>
                : subparts.length > 1
                ? "Before the first subpart"
                : "Sections"}
            </h2>
          )}
          <OutlineList items={sections as OutlineItem[]} />
        </section>
      ))}
      {beside.length > 0 && (
        <nav class="pager" aria-label="Neighboring subparts">
          {beside.map((subpart) => (
            <a
              key={subpart.number}
              class={subparts.indexOf(subpart) > index ? "next" : "previous"}
              href={`/${collection}/${subpart.number}`}
            >
              <span class="label">{subparts.indexOf(subpart) > index ? "Next" : "Previous"}</span>
              <span class="pager-title">Subpart {subpart.number}, {titleCase(subpart.title)}</span>
            </a>
          ))}
        </nav>
      )}
    </div>
  );
}
