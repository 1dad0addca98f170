import { Injectable } from '@nestjs/common';
import { PrismaService } from '../../db/prisma.service.ts';
import type { Identity } from '../../ports/identity.ts';
import type { Role } from '../../ports/roles.ts';

const IDS: Readonly<Record<Role, string>> = Object.freeze({
  customer: '00000000-0000-4000-8000-000000000001',
  staff: '00000000-0000-4000-8000-000000000002',
  admin: '00000000-0000-4000-8000-000000000003',
});

/** The development users, one for each role. */
@Injectable()
export class Developers {
  readonly #known = new Set<Role>();

  constructor(private readonly prisma: PrismaService) {}

  async identity(role: Role): Promise<Identity> {
    if (!this.#known.has(role)) await this.#keep(role);
    return { userId: IDS[role], role };
  }

  // `!` is no hash of any password, so nobody can ever log in as this user.
  async #keep(role: Role): Promise<void> {
    await this.prisma.user.createMany({
      data: [{ id: IDS[role], email: `${role}@localhost`, name: 'Developer', passwordHash: '!', role }],
      skipDuplicates: true,
    });
    this.#known.add(role);
  }
}
