import assert from 'node:assert/strict';
import type { TestDatabase } from '../support/database.ts';

/** What must never be, each in one statement, hence at one moment: no row may come out of them. */
const NEVER: Readonly<Record<string, string>> = Object.freeze({
  'stock is what its movements add up to': `
    select v.sku, v.on_hand, v.reserved from variants v left join stock_movements m on m.variant_id = v.id
    group by v.id having v.on_hand <> coalesce(sum(m.on_hand_delta), 0) or v.reserved <> coalesce(sum(m.reserved_delta), 0)`,
  'nothing is oversold': 'select sku, on_hand, reserved from variants where reserved < 0 or reserved > on_hand',
  'what is reserved is what unpaid orders wait for': `
    select v.sku, v.reserved, coalesce(sum(w.quantity), 0) as wanted from variants v
    left join (select i.variant_id, i.quantity from order_items i join orders o on o.id = i.order_id where o.status = 'PENDING_PAYMENT') w on w.variant_id = v.id
    group by v.id having v.reserved <> coalesce(sum(w.quantity), 0)`,
  'each order has moved the stock as its status says': `
    select o.number, o.status, i.sku from orders o join order_items i on i.order_id = o.id
    left join stock_movements m on m.order_id = o.id and m.variant_id = i.variant_id
    group by o.id, i.variant_id, i.order_id
    having coalesce(string_agg(m.kind::text || ' ' || abs(m.reserved_delta), ',' order by m.id), '') <>
      'reserved ' || i.quantity || case when o.status = 'PENDING_PAYMENT' then '' when o.status in ('CANCELLED', 'EXPIRED') then ',released ' || i.quantity else ',sold ' || i.quantity end`,
  'totals are the sums of their lines': `
    select o.number, o.total_minor from orders o left join order_items i on i.order_id = o.id
    group by o.id having o.total_minor <> coalesce(sum(i.line_minor), 0) or bool_or(i.line_minor <> i.quantity * i.unit_minor)`,
  'transitions are a chain that ends where the order is': `
    select o.number, o.status from orders o join (
      select order_id, count(*) as many, (array_agg(to_status order by id desc))[1] as last, bool_and(linked) as linked from (
        select id, order_id, to_status, from_status is not distinct from lag(to_status) over (partition by order_id order by id) as linked
        from order_transitions) t group by order_id) t on t.order_id = o.id
    where t.last <> o.status or not t.linked or t.many <> o.version`,
  'every move is legal': `
    select order_id, from_status, to_status from order_transitions where from_status::text || '>' || to_status <> all (array[
      'PENDING_PAYMENT>PAID', 'PENDING_PAYMENT>CANCELLED', 'PENDING_PAYMENT>EXPIRED', 'PAID>FULFILLING', 'PAID>REFUND_PENDING',
      'FULFILLING>SHIPPED', 'FULFILLING>REFUND_PENDING', 'SHIPPED>DELIVERED', 'REFUND_PENDING>REFUNDED', 'REFUND_PENDING>PARTIALLY_REFUNDED',
      'REFUND_PENDING>PAID', 'PARTIALLY_REFUNDED>REFUND_PENDING', 'PARTIALLY_REFUNDED>FULFILLING'])`,
  'a key has made one order': `
    select response ->> 'id' as id from idempotency_keys where response ? 'number' group by 1 having count(*) > 1
    union all select id::text from orders o where not exists (select 1 from idempotency_keys k where k.response ->> 'id' = o.id::text)`,
});

export async function assertLedger(database: TestDatabase): Promise<void> {
  for (const [rule, query] of Object.entries(NEVER)) assert.deepEqual(await database.query(query), [], rule);
}
