export { api } from './operations.ts';
export { projectRoutes as createProjects } from './routes.ts';
