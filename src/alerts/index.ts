import { apprise } from './apprise.js';
import { discord } from './discord.js';
import { elastic } from './elastic.js';
import { email } from './email.js';
import { executable } from './executable.js';
import { googleChat } from './google-chat.js';
import { gotify } from './gotify.js';
import { jira } from './jira.js';
import { jiraServiceManagement } from './jira-service-management.js';
import { jsonLines } from './json-lines.js';
import { matrix } from './matrix.js';
import { mattermost } from './mattermost.js';
import { ntfy } from './ntfy.js';
import { ocsf } from './ocsf.js';
import { pagerduty } from './pagerduty.js';
import { servicenow } from './servicenow.js';
import { slack } from './slack.js';
import { sns } from './sns.js';
import { splunk } from './splunk.js';
import { syslog } from './syslog.js';
import { teams } from './teams.js';
import { telegram } from './telegram.js';
import { webhook } from './webhook.js';

/** Every kind of channel, by its `type`. */
export const channelKinds = {
  email,
  webhook,
  slack,
  teams,
  'google-chat': googleChat,
  discord,
  mattermost,
  telegram,
  matrix,
  ntfy,
  gotify,
  pagerduty,
  'jira-service-management': jiraServiceManagement,
  jira,
  servicenow,
  sns,
  apprise,
  syslog,
  splunk,
  elastic,
  ocsf,
  'json-lines': jsonLines,
  executable,
} as const;
