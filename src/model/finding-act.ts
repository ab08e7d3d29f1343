/** What a person does with a finding. `note` is a comment for colleagues and is kept in the history. */
export type FindingAct =
  | { readonly action: 'acknowledge' | 'reopen'; readonly note: string | null }
  /** No alerts until then; null: until the finding is resolved. */
  | { readonly action: 'silence'; readonly until: Date | null; readonly note: string | null }
  /** An exception with its reason; null: until the finding is resolved. */
  | { readonly action: 'accept'; readonly until: Date | null; readonly note: string }
  /** null: nobody. */
  | { readonly action: 'assign'; readonly assignee: string | null; readonly note: string | null }
  | { readonly action: 'comment'; readonly note: string }
  /** null: none. */
  | { readonly action: 'ticket'; readonly ticket: string | null; readonly note: string | null };

/** Name of a {@link FindingAct}. */
export type FindingAction = FindingAct['action'];

/** Actions that make no sense once a finding is resolved. */
export function needsOpenFinding(action: FindingAction): boolean {
  return action === 'acknowledge' || action === 'silence' || action === 'accept';
}
