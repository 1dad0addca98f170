import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Roles } from '../../http/decorators.ts';
import { requireIfMatch, setETag } from '../../http/etag.ts';
import { Described, Grouped } from '../../openapi/described.ts';
import { ANSWERS } from './answers.ts';
import { Categories } from './categories.ts';
import { CategoryPatch, CategoryPath, NewCategory } from './schema.ts';

@Controller('v1/categories')
@Roles(['staff', 'admin'])
@Grouped({ name: 'Keeping the catalog', description: 'For the staff.' })
export class CategoriesController {
  constructor(private readonly service: Categories) {}

  @Post()
  @Described({
    id: 'createCategory',
    summary: 'Make a category',
    answers: [{ status: 201, description: 'The category.', headers: ['ETag'], content: ANSWERS.category }],
    refusals: { 409: 'The slug is taken, or there is no such parent.' },
    example: { slug: 'shirts', name: 'Shirts' },
  })
  async create(@Body({ schema: NewCategory }) input: NewCategory, @Res({ passthrough: true }) response: Response) {
    const category = await this.service.create(input);
    setETag(response, category.version);
    return category;
  }

  @Patch(':id')
  @Described({
    id: 'changeCategory',
    summary: 'Rename or move a category',
    description: 'A merge patch (RFC 7396): what is absent stays, null removes.',
    ifMatch: 'required',
    answers: [{ status: 200, description: 'The category as it is now.', headers: ['ETag'], content: ANSWERS.category }],
    refusals: { 409: 'The slug is taken, there is no such parent, or it would be below itself.' },
    example: { name: 'Shirts and tops' },
  })
  async change(
    @Param({ schema: CategoryPath }) { id }: { readonly id: string },
    @Body({ schema: CategoryPatch }) patch: CategoryPatch,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const category = await this.service.change(id, patch, requireIfMatch(request));
    setETag(response, category.version);
    return category;
  }

  @Delete(':id')
  @HttpCode(204)
  @Described({
    id: 'deleteCategory',
    summary: 'Delete a category',
    answers: [{ status: 204, description: 'It is gone.' }],
    refusals: { 409: 'It has products, or others are below it.' },
  })
  async remove(@Param({ schema: CategoryPath }) { id }: { readonly id: string }) {
    await this.service.remove(id);
  }
}
