import { asset } from "fresh/runtime";
import { Colophon, Masthead, SiteNotice } from "../components/masthead.tsx";
import { define } from "../utils.ts";

/** In this order: what comes later overrides what came before. */
const STYLES = ["base", "frame", "ask", "conversation", "section", "lists", "media"];

export default define.page(function App({ Component, state, url }) {
  const notice = state.farchat.settings.SITE_NOTICE;
  return (
    <html lang="en" data-theme={state.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>FARchat</title>
        <link
          rel="preload"
          href="/fonts/public-sans-latin-wght-normal.woff2"
          as="font"
          type="font/woff2"
          crossOrigin="anonymous"
        />
        {STYLES.map((name) => (
          <link key={name} rel="stylesheet" href={asset(`/styles/${name}.css`)} />
        ))}
        <link rel="icon" href={asset("/icon.svg")} type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <Masthead url={url} theme={state.theme} />
        {notice && <SiteNotice text={notice} />}
        <main class="main" id="main" tabIndex={-1}>
          <Component />
        </main>
        <Colophon version={state.farchat.version} />
      </body>
    </html>
  );
});
