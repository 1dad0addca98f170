import { people, type People } from './people.ts';
import type { TestDatabase } from './support/database.ts';
import { bodyOf, type Client } from './support/http.ts';
import type { Service } from './support/processes.ts';
import type { Random } from './support/random.ts';
import { requireBuilt, type Kit } from './support/suite.ts';

export interface Variant {
  readonly sku: string;
  readonly title: string;
  readonly priceMinor: number;
  readonly currency: string;
}

export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly status?: string;
  readonly category: { readonly slug: string; readonly name: string } | null;
  readonly variants: readonly Variant[];
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: { readonly nextCursor: string | null };
}

export interface CatalogWorld extends People {
  readonly random: Random;
  readonly kit: Kit;
  readonly database: TestDatabase;
  readonly service: Service;
  /** Requests of nobody in particular. */
  readonly anyone: Client;
}

/** The service on a database of its own, without a cache, and the people. */
export async function makeCatalogWorld(kit: Kit): Promise<CatalogWorld> {
  const database = await kit.database();
  const service = await kit.start({ NODE_ENV: 'development', DATABASE_URL: database.url, LOG_LEVEL: 'warn', TRUSTED_PROXIES: '1' });
  requireBuilt('catalog', await service.client.get('/v1/products'));
  return { ...(await people(service.client, database)), random: kit.random, kit, database, service, anyone: service.client };
}

export interface Wanted {
  readonly title?: string;
  readonly description?: string;
  readonly status?: 'draft' | 'published';
  readonly categoryId?: string;
  readonly priceMinor?: number;
  readonly currency?: string;
  readonly stock?: number;
}

/** Makes a product with one variant, published and in stock unless something else is wanted. */
export async function newProduct(staff: Client, random: Random, wanted: Wanted = {}): Promise<Product & { readonly sku: string }> {
  const { title = random.word(), description = '', status = 'published', categoryId, priceMinor = 1999, currency = 'EUR', stock = 10 } = wanted;
  const slug = `${random.word(8)}-${random.word(8)}`;
  const sku = slug.toUpperCase();
  const created = bodyOf(await staff.post<Product>('/v1/products', { slug, title, description, status, ...(categoryId && { categoryId }) }), 201);
  bodyOf(await staff.post(`/v1/products/${created.id}/variants`, { sku, priceMinor, currency }), 201);
  if (stock > 0) bodyOf(await staff.post(`/v1/variants/${sku}/stock`, { delta: stock, reason: 'delivery' }), 201);
  const product = bodyOf(await staff.get<Product>(`/v1/staff/products/${created.id}`));
  return { ...product, sku };
}

export const etag = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });
