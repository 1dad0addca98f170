import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Anonymous } from '../../http/decorators.ts';
import { setETag } from '../../http/etag.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import type { AccessTokens } from './access-token.ts';
import { ADA } from './account.ts';
import { clientOf, networkOf } from './client.ts';
import { forgive, LIMITS, spend } from './limits.ts';
import { Login, Refresh, Registration } from './schema.ts';
import * as service from './service.ts';
import { ACCESS_TOKENS, TOOLS } from './tokens.ts';
import { ACCOUNT_CONTENT, GRANT_CONTENT, grantOf } from './views.ts';

const PASSWORD = 'three teapots on a shelf';

/** Where nobody is identified yet. */
@Controller('v1/auth')
@Anonymous()
@Grouped({ name: 'Sessions', description: 'How to get tokens, and how to make them worthless.' })
export class EntranceController {
  constructor(
    @Inject(TOOLS) private readonly tools: service.Tools,
    @Inject(ACCESS_TOKENS) private readonly tokens: AccessTokens,
  ) {}

  @Post('register')
  @Described({
    id: 'register',
    summary: 'Open an account',
    description: 'Passwords that are common, or near to the address, are refused.',
    limited: true,
    example: { email: ADA.email, password: PASSWORD, name: ADA.name },
    answers: [{ status: 201, description: 'The account.', headers: ['ETag', 'Location'], content: ACCOUNT_CONTENT }],
    refusals: { 409: 'The address is registered already.' },
  })
  async register(@Body({ schema: Registration }) input: Registration, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    await spend(this.tools.db, response, LIMITS.registerByNetwork, networkOf(request));
    const account = await service.register(this.tools, input);
    setETag(response, account.version);
    response.location('/v1/users/me');
    return account;
  }

  @Post('login')
  @HttpCode(200)
  @Described({
    id: 'login',
    summary: 'Open a session',
    limited: true,
    example: { email: ADA.email, password: PASSWORD },
    answers: [{ status: 200, description: 'The tokens of the session.', content: GRANT_CONTENT }],
    refusals: { 401: 'The address or the password is wrong.' },
  })
  async login(@Body({ schema: Login }) input: Login, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    // The network first: one that is refused must not use up other people's tries.
    await spend(this.tools.db, response, LIMITS.loginByNetwork, networkOf(request));
    await spend(this.tools.db, response, LIMITS.loginByAccount, input.email);
    const session = await service.login(this.tools, input, clientOf(request));
    await forgive(this.tools.db, LIMITS.loginByAccount, input.email);
    return grantOf(session, this.tokens);
  }

  @Post('refresh')
  @HttpCode(200)
  @Described({
    id: 'refresh',
    summary: 'Trade a refresh token for new tokens',
    description: 'A refresh token that comes a second time ends its session: one of the two who had it is a thief.',
    example: { refreshToken: 'q8Zr...' },
    answers: [{ status: 200, description: 'The next tokens of the session.', content: GRANT_CONTENT }],
    refusals: { 401: 'The session has ended.' },
  })
  async refresh(@Body({ schema: Refresh }) { refreshToken }: Refresh, @Req() request: Request) {
    return grantOf(await service.refresh(this.tools, refreshToken, clientOf(request)), this.tokens);
  }
}
