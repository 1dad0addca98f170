import { Body, Controller, Get, Inject, Param, Put, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Caller, Roles } from '../../http/decorators.ts';
import { setETag } from '../../http/etag.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import { pageOf } from '../../openapi/schemas.ts';
import type { Identity } from '../../ports/identity.ts';
import { AccountView, ADA } from './account.ts';
import { PeopleQuery, PersonPath, RoleChange } from './roles.schema.ts';
import { changeRole, listPeople } from './roles.ts';
import type { Tools } from './service.ts';
import { TOOLS } from './tokens.ts';
import { ACCOUNT_CONTENT } from './views.ts';

@Controller('v1/users')
@Roles(['admin'])
@Grouped({ name: 'People', description: 'Who there is, and who may do what.' })
export class RolesController {
  constructor(@Inject(TOOLS) private readonly tools: Tools) {}

  @Get()
  @Described({
    id: 'listPeople',
    summary: 'List the accounts',
    description: 'In the order of their addresses.',
    answers: [
      {
        status: 200,
        description: 'Those that are not closed.',
        content: { schema: pageOf('AccountList', AccountView), example: { data: [ADA], page: { nextCursor: null } } },
      },
    ],
  })
  list(@Query({ schema: PeopleQuery }) query: PeopleQuery) {
    return listPeople(this.tools.db, query);
  }

  @Put(':id/role')
  @Described({
    id: 'changeRole',
    summary: 'Give somebody a role',
    description: 'It holds from the next request on. Nobody changes their own.',
    example: { role: 'admin' },
    answers: [{ status: 200, description: 'The account as it is now.', headers: ['ETag'], content: ACCOUNT_CONTENT }],
  })
  async change(
    @Param({ schema: PersonPath }) { id }: PersonPath,
    @Body({ schema: RoleChange }) { role }: RoleChange,
    @Caller() { userId }: Identity,
    @Res({ passthrough: true }) response: Response,
  ) {
    const account = await changeRole(this.tools, userId, id, role);
    setETag(response, account.version);
    return account;
  }
}
