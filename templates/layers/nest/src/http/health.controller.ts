import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Lifecycle } from '../ports/lifecycle.ts';
import { Readiness } from '../ports/readiness.ts';
import { Anonymous } from './decorators.ts';

/** `live`: the process runs. `ready`: requests that are sent here will be served. */
@Controller('health')
@Anonymous()
export class HealthController {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response) {
    const checks = { accepting: this.lifecycle.accepting() ? 'ok' : 'draining', ...(await this.readiness.check()) };
    const ready = Object.values(checks).every((check) => check === 'ok');
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', checks };
  }
}
