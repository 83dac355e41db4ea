/** How long ago, in the words of a list: "today, 14:05", "yesterday", "Nov 3", "Nov 3, 2025". UTC. */
export function when(time: number, now = Date.now()): string {
  const day = (ms: number) => Math.floor(ms / 86_400_000);
  const ago = day(now) - day(time);
  const date = new Date(time);
  if (ago <= 0) {
    const minutes = Math.max(0, Math.floor((now - time) / 60_000));
    if (minutes < 1) return "just now";
    if (minutes < 60) return minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`;
    const hours = Math.floor(minutes / 60);
    return hours === 1 ? "1 hour ago" : `${hours} hours ago`;
  }
  if (ago === 1) return "yesterday";
  const sameYear = date.getUTCFullYear() === new Date(now).getUTCFullYear();
  return new Intl.DateTimeFormat("en-US", {
    month: "short",
    day: "numeric",
    year: sameYear ? undefined : "numeric",
    timeZone: "UTC",
  }).format(date);
}
