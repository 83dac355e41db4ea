import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";

const ONE_YEAR = 365 * 24 * 60 * 60;

/**
 * Switches between light and dark. The choice is a cookie, so that the server draws the next page in it from the
 * first byte; without a script the button posts it.
 */
export default function ThemeToggle({ theme, path }: { theme?: Theme; path: string }) {
  const [current, setCurrent] = useState<Theme | undefined>(theme);
  useEffect(() => {
    if (!theme) setCurrent(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  }, []);
  const other: Theme = current === "dark" ? "light" : "dark";
  return (
    <form
      method="post"
      action="/theme"
      class="theme-form"
      onSubmit={(event) => {
        event.preventDefault();
        const secure = location.protocol === "https:" ? "; Secure" : "";
        document.cookie =
          `farchat_theme=${other}; Path=/; Max-Age=${ONE_YEAR}; SameSite=Lax${secure}`;
        document.documentElement.dataset.theme = other;
        setCurrent(other);
      }}
    >
      <input type="hidden" name="return" value={path} />
      <button
        type="submit"
        class="theme-toggle"
        name="theme"
        value={other}
        aria-label={`Switch to ${other} colors`}
        title={`Switch to ${other} colors`}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
          <circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" fill="currentColor" />
        </svg>
      </button>
    </form>
  );
}
