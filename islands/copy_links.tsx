import { useEffect, useState } from "preact/hooks";
import { copyToClipboard } from "../components/clipboard.ts";

/**
 * A click on a paragraph's designator also copies its citation and address, for a memorandum or an e-mail. The link
 * itself works without.
 */
export default function CopyLinks({ label }: { label: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onClick = async (event: MouseEvent) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-paragraph]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const citation = `${label}${link.dataset.paragraph}`;
      // Where copying is not allowed, the address bar has the link.
      if (!await copyToClipboard(`${citation}, ${link.href}`)) return;
      setSaid(`Copied: ${citation}`);
      clearTimeout(timer);
      timer = setTimeout(() => setSaid(""), 3000);
    };
    document.addEventListener("click", onClick);
    return () => document.removeEventListener("click", onClick);
  }, [label]);
  return <p class={said ? "toast shown" : "toast"} role="status">{said}</p>;
}
