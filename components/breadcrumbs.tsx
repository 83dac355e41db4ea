import { titleCase } from "./title_case.ts";

export interface Crumb {
  label: string;
  /** After the label, where there is room. */
  title?: string;
  /** Absent for the page itself. */
  href?: string;
}

/** Where a page stands, outermost first. */
export function Breadcrumbs({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav class="breadcrumbs" aria-label="Breadcrumbs">
      <ol>
        {crumbs.map(({ label, title, href }) => (
          <li key={label}>
            {href
              ? (
                <a href={href}>
                  {label}
                  {title && <span class="crumb-title">, {titleCase(title)}</span>}
                </a>
              )
              : <span aria-current="page">{label}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
