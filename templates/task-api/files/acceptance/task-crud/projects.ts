import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { bodyOf, problemOf } from '../support/http.ts';
import { etag, ids, leaf, newProject, newTask, type HistoryEvent, type Leaf, type Page, type Project, type Task } from '../world.ts';

export const projects: readonly Leaf[] = [
  leaf('projects', 'made, read, listed, renamed and deleted', async ({ api, random }) => {
    const name = random.word();
    const created = await api.post<Project>('/v1/projects', { name });
    const project = bodyOf(created, 201);
    assert.equal(created.headers.get('location'), `/v1/projects/${project.id}`);
    assert.equal(project.role, 'owner');
    assert.deepEqual(bodyOf(await api.get<Project>(`/v1/projects/${project.id}`)), project);
    assert.ok(ids(bodyOf(await api.get<Page<Project>>('/v1/projects?limit=100')).data).includes(project.id));
    const renamed = bodyOf(await api.patch<Project>(`/v1/projects/${project.id}`, { name: `${name} 2` }, etag(project.version)));
    assert.equal(renamed.name, `${name} 2`);
    problemOf(await api.patch(`/v1/projects/${project.id}`, { name }, etag(project.version)), 412);
    bodyOf(await api.delete(`/v1/projects/${project.id}`), 204);
    problemOf(await api.get(`/v1/projects/${project.id}`), 404);
  }),

  leaf('projects', 'one with tasks is not deleted, and an archived one takes no new tasks', async (world) => {
    const { api } = world;
    const { projectId } = await newTask(world);
    problemOf(await api.delete(`/v1/projects/${projectId}`), 409);
    const archived = bodyOf(await api.patch<Project>(`/v1/projects/${projectId}`, { archived: true }, etag(1)));
    assert.notEqual(archived.archivedAt, null);
    problemOf(await api.post('/v1/tasks', { projectId, title: 'late' }), 409);
    bodyOf(await api.patch(`/v1/projects/${projectId}`, { archived: false }, etag(archived.version)));
    bodyOf(await api.post('/v1/tasks', { projectId, title: 'in time' }), 201);
  }),

  leaf('roles', 'a viewer reads and changes nothing', async ({ api, userId, stranger }) => {
    const { projectId, taskId } = await stranger.share(userId, 'viewer');
    bodyOf(await api.get(`/v1/tasks/${taskId}`));
    const attempts = [
      api.patch(`/v1/tasks/${taskId}`, { title: 'mine now' }, etag(1)),
      api.delete(`/v1/tasks/${taskId}`),
      api.post('/v1/tasks', { projectId, title: 'extra' }),
      api.patch(`/v1/projects/${projectId}`, { name: 'mine now' }, etag(1)),
      api.put(`/v1/projects/${projectId}/members/${userId}`, { role: 'owner' }),
    ];
    for (const answer of await Promise.all(attempts)) problemOf(answer, 403);
  }),

  leaf('roles', 'an editor changes tasks, and not the project', async ({ api, userId, stranger }) => {
    const { projectId, taskId } = await stranger.share(userId, 'editor');
    bodyOf(await api.patch(`/v1/tasks/${taskId}`, { title: 'edited' }, etag(1)));
    bodyOf(await api.post('/v1/tasks', { projectId, title: 'extra' }), 201);
    problemOf(await api.put(`/v1/projects/${projectId}/members/${userId}`, { role: 'owner' }), 403);
    problemOf(await api.delete(`/v1/projects/${projectId}`), 403);
  }),

  leaf('roles', 'a member is added, given work, and leaves without it, on record', async (world) => {
    const { api, stranger } = world;
    const projectId = await newProject(world);
    const member = `/v1/projects/${projectId}/members/${stranger.userId}`;
    bodyOf(await api.put(member, { role: 'editor' }), 204);
    const { id } = await newTask(world, { projectId, assigneeId: stranger.userId });
    bodyOf(await api.delete(member), 204);
    problemOf(await api.delete(member), 404);
    assert.partialDeepStrictEqual(bodyOf(await api.get<Task>(`/v1/tasks/${id}`)), { assigneeId: null, version: 2 });
    const { data } = bodyOf(await api.get<Page<HistoryEvent>>(`/v1/tasks/${id}/history`));
    assert.deepEqual(data[0]?.changes, { assigneeId: { from: stranger.userId, to: null } });
  }),

  leaf('roles', 'a project keeps an owner', async (world) => {
    const { api, userId } = world;
    const own = `/v1/projects/${await newProject(world)}/members/${userId}`;
    problemOf(await api.delete(own), 409);
    problemOf(await api.put(own, { role: 'viewer' }), 409);
    problemOf(await api.put(own.replace(userId, randomUUID()), { role: 'editor' }), 404);
  }),
];
