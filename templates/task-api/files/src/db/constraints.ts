/** What a named constraint says to the client that ran into it. */
export const CONSTRAINTS: Readonly<Record<string, readonly [status: number, code: string, detail: string, pointer?: string]>> = Object.freeze({
  users_email_unique: [409, 'user.email_taken', 'This address is registered already.', '/body/email'],
  users_email_shape: [400, 'request.invalid', 'must be an e-mail address', '/body/email'],
  users_name_length: [400, 'request.invalid', 'must have at most 100 characters', '/body/name'],
  projects_name_length: [400, 'request.invalid', 'must have 1 to 100 characters', '/body/name'],
  projects_description_length: [400, 'request.invalid', 'must have at most 2000 characters', '/body/description'],
  project_members_user: [404, 'user.not_found', 'There is no such user.'],
  project_members_role: [400, 'request.invalid', 'must be owner, editor or viewer', '/body/role'],
  tasks_project: [409, 'project.not_empty', 'The project still has tasks.'],
  tasks_assignee_is_member: [409, 'task.assignee_not_member', 'Only a member of the project can be given the task.', '/body/assigneeId'],
  tasks_title_length: [400, 'request.invalid', 'must have 1 to 200 characters', '/body/title'],
  tasks_description_length: [400, 'request.invalid', 'must have at most 10000 characters', '/body/description'],
  tasks_status: [400, 'request.invalid', 'must be todo, in_progress, done or cancelled', '/body/status'],
  tasks_priority: [400, 'request.invalid', 'must be 0 to 4', '/body/priority'],
});
