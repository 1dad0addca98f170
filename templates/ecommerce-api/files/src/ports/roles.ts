/** Customers buy; the staff keeps the catalog and handles orders; admins decide who is staff. */
export const ROLES = ['customer', 'staff', 'admin'] as const;

export type Role = (typeof ROLES)[number];
