import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PrismaService } from '../../db/prisma.service.ts';
import { ApiDescription } from '../../openapi/api-description.ts';
import { Authenticator } from '../../ports/identity.ts';
import { Offers } from '../../ports/offers.ts';
import { call, startApp, type Reply, type TestApp } from '../../testing/app.ts';

interface Known {
  readonly id: string;
  readonly slug: string;
  readonly sku: string;
}

let service: TestApp;
let prisma: PrismaService;

beforeAll(async () => {
  const userId = randomUUID();
  const staff = { authenticate: async () => ({ userId, role: 'staff' }), credential: () => ({ description: '', required: false }) };
  service = await startApp({}, (module) => module.overrideProvider(Authenticator).useValue(staff));
  prisma = service.app.get(PrismaService);
  await prisma.user.create({ data: { id: userId, email: `${userId}@example.test`, passwordHash: '!' } });
});

afterAll(() => service.app.close());

const send = <Body = Record<string, unknown>>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply<Body>> =>
  call<Body>(service, method, path, { body, headers });

const slugOf = () => `s-${randomUUID().slice(0, 13)}`;

async function newProduct(priceMinor = 1000, fields: object = {}): Promise<Known> {
  const slug = slugOf();
  const { body } = await send<{ id: string }>('POST', '/v1/products', { slug, title: slug, status: 'published', ...fields });
  const sku = slug.toUpperCase();
  expect((await send('POST', `/v1/products/${body.id}/variants`, { sku, priceMinor, currency: 'EUR' })).status).toBe(201);
  return { id: body.id, slug, sku };
}

async function newCategory(parentId?: string): Promise<{ readonly id: string; readonly slug: string }> {
  const slug = slugOf();
  const { status, body } = await send<{ id: string }>('POST', '/v1/categories', { slug, name: slug, ...(parentId && { parentId }) });
  expect(status).toBe(201);
  return { id: body.id, slug };
}

const move = (id: string, parentId: string | null) => send('PATCH', `/v1/categories/${id}`, { parentId }, { 'If-Match': '*' });
const forged = (order: string) => Buffer.from(JSON.stringify([order, 'nonsense', randomUUID()])).toString('base64url');
const find = (skus: readonly string[]) => prisma.transaction((tx) => service.app.get(Offers).find(tx, skus));

/** Sends a request, and holds the answer against what is said about its operation. */
async function answerOf(id: string, address: string, body?: object): Promise<{ readonly id: string }> {
  const operation = service.app.get(ApiDescription).operations().find((known) => known.id === id);
  const [expected] = operation?.answers ?? [];
  const answer = await send<{ id: string }>(operation?.method.toUpperCase() ?? '', address, body, { 'If-Match': '*' });
  expect(answer.status, id).toBe(expected?.status);
  for (const header of expected?.headers ?? []) expect(answer.headers.has(header), `${id}: ${header}`).toBe(true);
  const { schema } = expected?.content ?? {};
  if (schema) expect(schema.safeParse(answer.body).error, id).toBeUndefined();
  return answer.body;
}

describe('answers', () => {
  test('look as they are described', async () => {
    const [slug, sku] = [slugOf(), slugOf().toUpperCase()];
    const category = await answerOf('createCategory', '/v1/categories', { slug, name: 'Shirts' });
    await answerOf('changeCategory', `/v1/categories/${category.id}`, { name: 'Tops' });
    await answerOf('listCategories', '/v1/categories');
    const product = await answerOf('createProduct', '/v1/products', { slug, title: 'Shirt', categoryId: category.id });
    await answerOf('createVariant', `/v1/products/${product.id}/variants`, { sku, title: 'M', priceMinor: 1999, currency: 'EUR' });
    await answerOf('changeVariant', `/v1/variants/${sku}`, { priceMinor: 1799 });
    await answerOf('changeStock', `/v1/variants/${sku}/stock`, { delta: 10, reason: 'Delivery' });
    await answerOf('listMovements', `/v1/variants/${sku}/movements`);
    await answerOf('changeProduct', `/v1/products/${product.id}`, { status: 'published', description: 'Made of cotton.' });
    await answerOf('getAnyProduct', `/v1/staff/products/${product.id}`);
    await answerOf('listAllProducts', '/v1/staff/products?limit=2');
    await answerOf('getProduct', `/v1/products/${slug}`);
    await answerOf('getStock', `/v1/products/${slug}/stock`);
    await answerOf('listProducts', `/v1/products?category=${slug}`);
    await answerOf('archiveProduct', `/v1/products/${product.id}`);
    await answerOf('deleteCategory', `/v1/categories/${(await newCategory()).id}`);
  });

  test('name every method that an address takes', async () => {
    const wrong = await send('PUT', `/v1/products/${randomUUID()}`, {});
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PATCH, DELETE']);
  });
});

describe('the tree', () => {
  test('has no circles, however long they would be', async () => {
    const top = await newCategory();
    const middle = await newCategory(top.id);
    const bottom = await newCategory(middle.id);
    for (const { id } of [top, middle, bottom]) {
      expect((await move(top.id, id)).body).toMatchObject({ status: 409, code: 'category.circle', errors: [{ pointer: '/body/parentId' }] });
    }
    expect((await move(bottom.id, top.id)).status).toBe(200);
    expect((await move(middle.id, bottom.id)).status).toBe(200);
    expect((await move(middle.id, null)).status).toBe(200);
  });

  test('tells a category that is not there from one that is in use', async () => {
    const unknown = await send('POST', '/v1/products', { slug: slugOf(), title: 'x', categoryId: randomUUID() });
    expect(unknown.body).toMatchObject({ status: 409, code: 'category.unknown', errors: [{ pointer: '/body/categoryId' }] });
    const parent = await newCategory();
    await newCategory(parent.id);
    expect((await send('DELETE', `/v1/categories/${parent.id}`)).body).toMatchObject({ status: 409, code: 'category.in_use' });
    expect((await send('DELETE', `/v1/categories/${randomUUID()}`)).status).toBe(404);
  });

  test('a renamed category is a new version of its products, which show its name', async () => {
    const { id, slug: category } = await newCategory();
    const { slug } = await newProduct(1000, { categoryId: id });
    const before = await send('GET', `/v1/products/${slug}`);
    await send('PATCH', `/v1/categories/${id}`, { name: 'Renamed' }, { 'If-Match': '*' });
    const after = await send('GET', `/v1/products/${slug}`, undefined, { 'If-None-Match': before.headers.get('etag') ?? '' });
    expect(after.body).toMatchObject({ category: { slug: category, name: 'Renamed' } });
  });
});

describe('the list', () => {
  test('has what costs nothing yet at its end, whichever way the prices go', async () => {
    const { id: categoryId, slug: category } = await newCategory();
    const [dear, cheap] = [await newProduct(900, { categoryId }), await newProduct(100, { categoryId })];
    const bare = slugOf();
    await send('POST', '/v1/products', { slug: bare, title: bare, status: 'published', categoryId });
    const sorted = async (sort: string) => (await send<{ data: Known[] }>('GET', `/v1/products?category=${category}&sort=${sort}`)).body.data.map(({ slug }) => slug);
    expect(await sorted('price')).toEqual([cheap.slug, dear.slug, bare]);
    expect(await sorted('-price')).toEqual([dear.slug, cheap.slug, bare]);
  });

  test('refuses a position that no cursor of its own could hold', async () => {
    const { sku } = await newProduct();
    for (const path of [`/v1/products?sort=price&cursor=${forged('price')}`, `/v1/staff/products?cursor=${forged('-createdAt')}`, `/v1/variants/${sku}/movements?cursor=${forged('-movement')}`]) {
      expect((await send('GET', path)).status, path).toBe(400);
    }
  });
});

describe('stock', () => {
  test('is received once for each Idempotency-Key', async () => {
    const { sku } = await newProduct();
    const receive = (delta: number) => send('POST', `/v1/variants/${sku}/stock`, { delta, reason: 'Delivery' }, { 'Idempotency-Key': sku });
    expect((await receive(5)).body).toEqual({ sku, onHand: 5, reserved: 0 });
    expect((await receive(5)).body).toEqual({ sku, onHand: 5, reserved: 0 });
    expect((await receive(6)).status).toBe(422);
  });

  test('never falls below what orders were promised', async () => {
    const { sku, slug } = await newProduct();
    await send('POST', `/v1/variants/${sku}/stock`, { delta: 5, reason: 'Delivery' });
    await prisma.variant.update({ where: { sku }, data: { reserved: 3 } });
    expect((await send('POST', `/v1/variants/${sku}/stock`, { delta: -3, reason: 'Broken' })).body).toMatchObject({ status: 409, code: 'stock.reserved' });
    expect((await send('POST', `/v1/variants/${sku}/stock`, { delta: -6, reason: 'Broken' })).body).toMatchObject({ status: 409 });
    expect((await send('GET', `/v1/products/${slug}/stock`)).body).toEqual({ data: [{ sku, available: 2 }] });
  });
});

test('a product has a hundred variants at most', async () => {
  const { id } = await newProduct();
  await prisma.variant.createMany({ data: Array.from({ length: 99 }, () => ({ productId: id, sku: slugOf().toUpperCase(), priceMinor: 1, currency: 'EUR' })) });
  expect((await send('POST', `/v1/products/${id}/variants`, { sku: slugOf().toUpperCase(), priceMinor: 1, currency: 'EUR' })).body).toMatchObject({ status: 409, code: 'product.full' });
});

describe('offers', () => {
  test('tell the price of now, under the name that an order will show', async () => {
    const { id, slug, sku } = await newProduct(1999);
    const other = slugOf().toUpperCase();
    await send('POST', `/v1/products/${id}/variants`, { sku: other, title: 'Large', priceMinor: 2500, currency: 'EUR' });
    const offers = await find([sku, other, 'NONE']);
    expect(offers.get(sku)).toMatchObject({ sku, title: slug, unitMinor: 1999, currency: 'EUR' });
    expect(offers.get(other)).toMatchObject({ title: `${slug}, Large`, unitMinor: 2500 });
    expect(offers.size).toBe(2);
  });

  test('are none of drafts, of what is archived, and of what is retired', async () => {
    const draft = await newProduct(1000, { status: 'draft' });
    const archived = await newProduct();
    await send('DELETE', `/v1/products/${archived.id}`);
    const retired = await newProduct();
    await send('PATCH', `/v1/variants/${retired.sku}`, { retired: true }, { 'If-Match': '*' });
    expect(await find([draft.sku, archived.sku, retired.sku])).toEqual(new Map());
  });
});
