import LookUp from "../islands/look_up.tsx";
import ThemeToggle, { type Theme } from "../islands/theme_toggle.tsx";

interface MastheadProps {
  url: URL;
  theme?: Theme;
}

/** The top of every page: the name, the two regulations, the look-up field, light or dark. */
export function Masthead({ url, theme }: MastheadProps) {
  const at = (path: string) =>
    url.pathname === path || url.pathname.startsWith(`${path}/`) ? "true" : undefined;
  return (
    <header class="masthead">
      <div class="masthead-inner">
        <a class="wordmark" href="/">FARchat</a>
        <nav aria-label="Main">
          <a href="/" aria-current={url.pathname === "/" ? "page" : undefined}>Ask</a>
          <a href="/far" aria-current={at("/far")}>FAR</a>
          <a href="/dfars" aria-current={at("/dfars")}>DFARS</a>
          <a href="/about" aria-current={at("/about")}>About</a>
        </nav>
        <LookUp query={url.pathname === "/search" ? url.searchParams.get("q") ?? "" : undefined} />
        <ThemeToggle theme={theme} path={url.pathname + url.search} />
      </div>
    </header>
  );
}

/** What the administrator has to tell on every page. */
export function SiteNotice({ text }: { text: string }) {
  return (
    <div class="site-notice" role="note">
      <p>{text}</p>
    </div>
  );
}

/** The foot of every page: what this is and is not. */
export function Colophon({ version }: { version: string }) {
  return (
    <footer class="colophon">
      <div class="colophon-inner">
        <p>
          FARchat is not an official source. Before you rely on a passage, open it at the eCFR or
          acquisition.gov.
        </p>
        <p class="tabular">FARchat {version}</p>
      </div>
    </footer>
  );
}
