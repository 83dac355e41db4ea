/** What can be done with a whole conversation. Deleting asks first, by unfolding; no script is needed. */
export function ConversationTools({ id, title }: { id: string; title: string }) {
  return (
    <div class="conversation-foot">
      <a href="/">New question</a>
      <details class="disclosure">
        <summary>Rename</summary>
        <form class="disclosure-body" method="post" action={`/c/${id}/rename`}>
          <input
            name="title"
            defaultValue={title}
            required
            maxLength={200}
            aria-label="Title of this conversation"
          />
          <button type="submit" class="button quiet">Save</button>
        </form>
      </details>
      <details class="disclosure">
        <summary>Delete</summary>
        <form class="disclosure-body" method="post" action={`/c/${id}/delete`}>
          <span>This removes the conversation and its answers for good.</span>
          <button type="submit" class="button danger">Delete conversation</button>
        </form>
      </details>
    </div>
  );
}
