import type { Position } from '../http/cursor.ts';
import type { Logger } from '../logger.ts';
import type { Queryable } from './database.ts';

/*
 * Where projects and tasks are kept. Nothing here says how: SQL by hand is one way, and the
 * configuration may choose another (`src/db/store.ts`). Whoever asks is named in each question,
 * and what is not theirs does not exist. A refusal by the database is thrown as it came, for
 * `src/db/refusals.ts` to read.
 */

export type Role = 'owner' | 'editor' | 'viewer';

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The role of whoever asks. */
  readonly role: Role;
  readonly version: number;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewProject {
  readonly name: string;
  readonly description?: string | undefined;
}

/** What is absent stays. */
export interface ProjectPatch {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly archived?: boolean | undefined;
}

export interface Member {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly addedAt: Date;
}

export interface Task {
  readonly id: string;
  readonly projectId: string;
  readonly creatorId: string | null;
  readonly assigneeId: string | null;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly priority: number;
  readonly dueAt: Date | null;
  readonly completedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A task as its transaction holds it: with what decides what may be done to it. */
export interface LockedTask {
  readonly task: Task;
  readonly role: Role;
  readonly deleted: boolean;
}

export interface NewTask {
  readonly projectId: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly status?: string | undefined;
  readonly priority?: number | undefined;
  readonly assigneeId?: string | null | undefined;
  readonly dueAt?: string | null | undefined;
}

/** What is absent stays, null removes. */
export type TaskPatch = { readonly [Field in Exclude<keyof NewTask, 'projectId'>]?: NewTask[Field] | undefined };

export interface TaskFilter {
  readonly projectId?: string | undefined;
  readonly status?: string | readonly string[] | undefined;
  /** A person, or `me` or `none`. */
  readonly assignee?: string | undefined;
  readonly dueAfter?: string | undefined;
  readonly dueBefore?: string | undefined;
  /** What is typed into a search box. */
  readonly q?: string | undefined;
}

export type SortField = 'createdAt' | 'updatedAt' | 'dueAt' | 'priority' | 'title';
/** With a minus, downwards. Tasks without a date are due after all others. */
export type Sort = SortField | `-${SortField}`;

export interface TaskListing {
  readonly userId: string;
  readonly filter: TaskFilter;
  readonly sort: Sort;
  readonly after: Position | undefined;
  readonly limit: number;
}

export type EventKind = 'created' | 'updated' | 'deleted' | 'restored';

export interface TaskEvent {
  readonly version: number;
  readonly kind: EventKind;
  readonly actorId: string | null;
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
  readonly at: Date;
}

export type NewTaskEvent = Omit<TaskEvent, 'at'> & { readonly taskId: string };

/**
 * A row of a list, with the text that it was sorted by. Lists hold one row more than was asked
 * for, where there is one. Positions are exact, and any implementation reads those of another.
 */
export type Listed<Item> = Item & { readonly id: string; readonly sortKey: string };

export interface ProjectRepository {
  /** Makes a project, and whoever makes it its owner. */
  insert(userId: string, project: NewProject): Promise<string>;
  find(userId: string, id: string): Promise<Project | undefined>;
  /** As `find`, and nobody else changes the project or its members until the transaction ends. */
  lock(userId: string, id: string): Promise<Project | undefined>;
  /** Oldest first. */
  list(userId: string, limit: number, after: Position | undefined): Promise<readonly Listed<Project>[]>;
  /** Makes the next version. */
  update(id: string, patch: ProjectPatch): Promise<void>;
  remove(id: string): Promise<void>;
  listMembers(id: string): Promise<readonly Member[]>;
  putMember(id: string, userId: string, role: Role): Promise<void>;
  /** Whether they were one. */
  removeMember(id: string, userId: string): Promise<boolean>;
  hasOwner(id: string): Promise<boolean>;
}

export interface TaskRepository {
  insert(userId: string, task: NewTask): Promise<Task>;
  find(userId: string, id: string): Promise<Task | undefined>;
  /** Whether the task is theirs to know about, deleted or not. */
  isVisible(userId: string, id: string): Promise<boolean>;
  /** Nobody else changes the task until the transaction ends; deleted tasks are found too. */
  lock(userId: string, id: string): Promise<LockedTask | undefined>;
  list(listing: TaskListing): Promise<readonly Listed<Task>[]>;
  /** Makes the next version, as `setDeleted` does. */
  update(id: string, patch: TaskPatch): Promise<Task>;
  setDeleted(id: string, deleted: boolean): Promise<Task>;
  /** Takes every task of the project from an assignee, with a line of history for each. */
  unassignAll(from: Readonly<Record<'projectId' | 'assigneeId' | 'actorId', string>>): Promise<void>;
  record(event: NewTaskEvent): Promise<void>;
  /** Newest first. */
  listEvents(taskId: string, limit: number, after: Position | undefined): Promise<readonly Listed<TaskEvent>[]>;
}

export interface Repositories {
  readonly projects: ProjectRepository;
  readonly tasks: TaskRepository;
}

/** Repositories whose changes happen together or not at all. */
export interface RepositoryTransaction extends Repositories {
  /** For what belongs to the same transaction and to no repository, such as idempotency keys. */
  readonly sql: Queryable;
}

export interface Store extends Repositories {
  /** As `transaction` of `Database`: inside, use only what is handed in. */
  transaction<T>(work: (transaction: RepositoryTransaction) => Promise<T>): Promise<T>;
}

/** A store with connections of its own. */
export interface OpenStore extends Store {
  close(): Promise<void>;
}

/** What the module of another implementation than the feature's own exports. */
export interface StoreModule {
  openStore(url: string, poolSize: number, log: Logger): OpenStore;
}
