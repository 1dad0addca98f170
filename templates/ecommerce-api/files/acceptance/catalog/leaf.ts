import { bodyOf, problemOf, type Answer } from '../support/http.ts';
import type { CatalogWorld, Page, Product } from '../catalog-world.ts';

export interface Leaf {
  readonly id: string;
  readonly title: string;
  readonly body: (world: CatalogWorld) => Promise<void>;
}

/** A test that the suite declares: one thing that the evidence `catalog.id` consists of. */
export const leaf = (id: string, title: string, body: Leaf['body']): Leaf => Object.freeze({ id, title, body });

export interface Category {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly version: number;
}

export interface StaffVariant {
  readonly sku: string;
  readonly title: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly retired: boolean;
  readonly version: number;
}

export type StaffProduct = Omit<Product, 'variants'> & { readonly variants: readonly StaffVariant[] };

export async function newCategory({ staff, random }: CatalogWorld, parentId?: string): Promise<Category> {
  return bodyOf(await staff.api.post<Category>('/v1/categories', { slug: random.word(12), name: random.word(), ...(parentId && { parentId }) }), 201);
}

/** What everybody finds. */
export async function list({ anyone }: CatalogWorld, query: Readonly<Record<string, string>>): Promise<readonly Product[]> {
  return bodyOf(await anyone.get<Page<Product>>(`/v1/products?${new URLSearchParams({ limit: '100', ...query })}`)).data;
}

export async function staffProduct({ staff }: CatalogWorld, id: string): Promise<StaffProduct> {
  return bodyOf(await staff.api.get<StaffProduct>(`/v1/staff/products/${id}`));
}

export const ids = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id);

export function pointersOf(answer: Answer<unknown>, status = 400): readonly string[] {
  return (problemOf(answer, status).errors ?? []).map(({ pointer }) => pointer);
}

/** How many wait for somebody else's transaction. */
export async function waiting({ database }: CatalogWorld): Promise<number> {
  const asked = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return (await database.query(asked)).length;
}

/** Holds rows as another transaction would. Returns how to let go. */
export async function hold({ database }: CatalogWorld, table: 'categories' | 'products' | 'variants', held: readonly string[]): Promise<() => Promise<void>> {
  const holder = await database.connect();
  await holder.query('begin');
  await holder.query(`select 1 from ${table} where id = any ($1) for update`, [held]);
  return () => holder.end();
}
