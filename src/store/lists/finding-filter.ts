import type { FindingFilter } from '../reader.js';
import { allOf, hostConditions, type Condition, type Conditions, type HostSearch } from './keyset.js';

/** How findings are searched by host without an index. */
export const byHost: HostSearch = {
  exact: 'host = {host:String}',
  under: `host = {hostSuffix:String} OR endsWith(host, concat('.', {hostSuffix:String}))`,
  contains: 'host LIKE {hostContains:String}',
  within: `arrayExists(d -> host = d OR endsWith(host, concat('.', d)), {withinDomains:Array(String)})
    OR hasAny(tags, {withinTags:Array(String)})`,
};

/** Conditions of a filter that say nothing of hosts and ids, over `findings` or `findings_by_time`. */
export function findingConditions(filter: FindingFilter): readonly Condition[] {
  return [
    ['state IN {states:Array(String)}', { states: filter.states }],
    ['severity IN {severities:Array(String)}', { severities: filter.severities }],
    ['rule = {rule:String}', { rule: filter.rule }],
    ['rule IN {rules:Array(String)}', { rules: filter.rules }],
    ['certificate = {certificate:String}', { certificate: filter.certificateSha256 }],
    ['subject_kind IN {subjectKinds:Array(String)}', { subjectKinds: filter.subjectKinds }],
    ['subject_key = {subjectKey:String}', { subjectKey: filter.subjectKey }],
    ['cause = {cause:String}', { cause: filter.cause }],
    ['owner IN {owners:Array(String)}', { owners: filter.owners }],
    ['environment IN {environments:Array(String)}', { environments: filter.environments }],
    ['assignee IN {assignees:Array(String)}', { assignees: filter.assignees }],
    ['hasAny(tags, {tags:Array(String)})', { tags: filter.tags }],
    ['due_at >= fromUnixTimestamp64Milli({dueAfter:Int64})', { dueAfter: filter.dueAfter?.getTime() }],
    ['due_at < fromUnixTimestamp64Milli({dueBefore:Int64})', { dueBefore: filter.dueBefore?.getTime() }],
    [
      `positionCaseInsensitiveUTF8(title, {q:String}) > 0 OR positionCaseInsensitiveUTF8(host, {q:String}) > 0
       OR positionCaseInsensitiveUTF8(subject_key, {q:String}) > 0 OR positionCaseInsensitiveUTF8(details, {q:String}) > 0
       OR rule = lower({q:String}) OR id = lower({q:String}) OR certificate = lower({q:String})`,
      { q: filter.q },
    ],
  ];
}

/** All conditions of a filter over `findings`. */
export function findingWhere(filter: FindingFilter): Conditions {
  return allOf([
    ['id IN {ids:Array(String)}', { ids: filter.ids }],
    ['id = {id:String}', { id: filter.id }],
    ...findingConditions(filter),
    ...findingHosts(filter, byHost),
  ]);
}

/** Conditions by host. What a credential is limited to may name tags as well. */
export function findingHosts(filter: FindingFilter, search: HostSearch): readonly Condition[] {
  const { withinDomains, withinTags } = filter;
  return hostConditions(filter, search).map(([sql, values]) =>
    sql === search.within
      ? [sql, { withinDomains, withinTags: withinDomains && (withinTags ?? []) }]
      : [sql, values],
  );
}
