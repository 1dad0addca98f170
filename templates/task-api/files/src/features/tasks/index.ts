export { api } from './operations.ts';
export { taskRoutes as createTasks } from './routes.ts';
