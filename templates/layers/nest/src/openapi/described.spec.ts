import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Anonymous, Roles } from '../http/decorators.ts';
import { Described, describeController, Grouped } from './described.ts';

const Path = z.strictObject({ id: z.uuid() });
const Listing = z.strictObject({ limit: z.string().optional() });
const Change = z.strictObject({ name: z.string() });
const answers = [{ status: 200, description: 'It.' }] as const;

@Controller('v1/things')
@Grouped({ name: 'Things', description: 'What there is.' })
class ThingsController {
  @Get()
  @Anonymous()
  @Described({ id: 'list', summary: 'All', answers: [...answers] })
  list(@Query({ schema: Listing }) query: z.infer<typeof Listing>) {
    return query;
  }

  @Patch(':id')
  @Roles(['admin'])
  @Described({ id: 'change', summary: 'Change', answers: [...answers], ifMatch: 'required', example: { name: 'x' } })
  change(@Param({ schema: Path }) path: z.infer<typeof Path>, @Body({ schema: Change }) change: z.infer<typeof Change>) {
    return { path, change };
  }
}

@Controller()
class Undescribed {}

test('a controller describes itself by its decorators', () => {
  const part = describeController(ThingsController, new Reflector());
  expect(part?.name).toBe('Things');
  const [list, change] = part?.operations ?? [];
  expect(list).toMatchObject({ id: 'list', method: 'get', path: '/v1/things', anonymous: true, query: Listing });
  expect(change).toMatchObject({ id: 'change', method: 'patch', path: '/v1/things/:id', anonymous: false, pathParameters: Path, ifMatch: 'required' });
  expect(change?.body).toEqual({ schema: Change, example: { name: 'x' } });
  expect(change?.refusals?.[403]).toMatch(/admin/);
});

test('one without a group is none of the description', () => {
  expect(describeController(Undescribed, new Reflector())).toBeUndefined();
});
