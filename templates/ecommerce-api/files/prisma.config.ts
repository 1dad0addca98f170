import { defineConfig } from 'prisma/config';

// For the commands of Prisma alone; the service reads its own configuration.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://127.0.0.1:5432/shop' },
});
