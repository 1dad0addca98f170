import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Caller } from '../../http/decorators.ts';
import { requireIfMatch, setETag } from '../../http/etag.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { Identity } from '../../ports/identity.ts';
import type { Account } from './account.ts';
import { LIMITS, spend } from './limits.ts';
import { Closing, ProfilePatch } from './schema.ts';
import * as service from './service.ts';
import { TOOLS } from './tokens.ts';
import { ACCOUNT_CONTENT } from './views.ts';

/** The person's own account. */
@Controller('v1/users/me')
@Grouped({ name: 'Account', description: 'Your own.' })
export class ProfileController {
  constructor(@Inject(TOOLS) private readonly tools: service.Tools) {}

  @Get()
  @Described({
    id: 'getProfile',
    summary: 'Read your account',
    answers: [{ status: 200, description: 'The account.', headers: ['ETag'], content: ACCOUNT_CONTENT }],
  })
  async read(@Caller() { userId }: Identity, @Res({ passthrough: true }) response: Response) {
    return versioned(response, await service.getProfile(this.tools, userId));
  }

  @Patch()
  @Described({
    id: 'changeProfile',
    summary: 'Change your name',
    ifMatch: 'required',
    example: { name: 'Ada' },
    answers: [{ status: 200, description: 'The account as it is now.', headers: ['ETag'], content: ACCOUNT_CONTENT }],
  })
  async change(
    @Body({ schema: ProfilePatch }) patch: ProfilePatch,
    @Caller() { userId }: Identity,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    return versioned(response, await service.changeProfile(this.tools, userId, patch, requireIfMatch(request)));
  }

  @Delete()
  @HttpCode(204)
  @Described({
    id: 'closeAccount',
    summary: 'Close your account',
    description: 'Address, name and password are erased. What others need of what you did stays, without a name.',
    limited: true,
    example: { password: 'three teapots on a shelf' },
    answers: [{ status: 204, description: 'It is closed.' }],
    refusals: { 403: 'The password is wrong.' },
  })
  async close(@Body({ schema: Closing }) { password }: Closing, @Caller() { userId }: Identity, @Res({ passthrough: true }) response: Response) {
    // It takes the password: a stolen access token alone must not be enough to destroy an account.
    await spend(this.tools.db, response, LIMITS.passwordByAccount, userId);
    await service.closeAccount(this.tools, userId, password);
  }
}

function versioned(response: Response, account: Account): Account {
  setETag(response, account.version);
  return account;
}
