import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Problem } from '../../http/problem.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { AccessTokens, Claims } from './access-token.ts';
import { clientOf } from './client.ts';
import { CurrentSession } from './current-session.ts';
import { forgive, LIMITS, spend } from './limits.ts';
import { PasswordChange, SessionPath } from './schema.ts';
import * as service from './service.ts';
import { listSessions } from './sessions.ts';
import { ACCESS_TOKENS, TOOLS } from './tokens.ts';
import { GRANT_CONTENT, grantOf, SESSIONS_CONTENT } from './views.ts';

@Controller('v1/auth')
@Grouped({ name: 'Sessions', description: 'How to get tokens, and how to make them worthless.' })
export class SessionsController {
  constructor(
    @Inject(TOOLS) private readonly tools: service.Tools,
    @Inject(ACCESS_TOKENS) private readonly tokens: AccessTokens,
  ) {}

  @Post('logout')
  @HttpCode(204)
  @Described({ id: 'logout', summary: 'End this session', answers: [{ status: 204, description: 'Its tokens are no longer good.' }] })
  async logout(@CurrentSession() { userId, sessionId }: Claims) {
    await service.logout(this.tools, userId, sessionId);
  }

  @Post('logout-all')
  @HttpCode(204)
  @Described({ id: 'logoutAll', summary: 'End all of your sessions', answers: [{ status: 204, description: 'Their tokens are no longer good.' }] })
  async logoutAll(@CurrentSession() { userId }: Claims) {
    await service.logoutAll(this.tools, userId);
  }

  @Post('password')
  @HttpCode(200)
  @Described({
    id: 'changePassword',
    summary: 'Change the password, and end every session',
    limited: true,
    example: { currentPassword: 'three teapots on a shelf', newPassword: 'four kettles in a cellar' },
    answers: [{ status: 200, description: 'The tokens of a fresh session.', content: GRANT_CONTENT }],
    refusals: { 403: 'The password is wrong.' },
  })
  async changePassword(
    @Body({ schema: PasswordChange }) input: PasswordChange,
    @CurrentSession() { userId }: Claims,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    await spend(this.tools.db, response, LIMITS.passwordByAccount, userId);
    const session = await service.changePassword(this.tools, userId, input, clientOf(request));
    await forgive(this.tools.db, LIMITS.passwordByAccount, userId);
    return grantOf(session, this.tokens);
  }

  @Get('sessions')
  @Described({
    id: 'listSessions',
    summary: 'List your sessions',
    answers: [{ status: 200, description: 'Those that have not ended.', content: SESSIONS_CONTENT }],
  })
  async list(@CurrentSession() session: Claims) {
    return { data: await listSessions(this.tools.db, session) };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @Described({ id: 'endSession', summary: 'End one of your sessions', answers: [{ status: 204, description: 'Its tokens are no longer good.' }] })
  async end(@Param({ schema: SessionPath }) { id }: SessionPath, @CurrentSession() { userId }: Claims) {
    if (!(await service.logout(this.tools, userId, id))) throw new Problem(404, 'session.not_found', 'There is no such session.');
  }
}
