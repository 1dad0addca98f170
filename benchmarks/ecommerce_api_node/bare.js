// The least that can answer the same from the same Redis with the same framework: one GET, sent as
// it is. No validation, no logging, no database behind it. The decorators are called by hand,
// because Node runs no others. It stands in the root of a generated project.
import 'reflect-metadata';
import { Controller, Get, Header, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createClient } from 'redis';

const redis = await createClient({ url: process.env['REDIS_URL'] }).connect();

class Products {
  product(slug) {
    return redis.get(`bare:${slug}`);
  }
}

class App {}

const handler = Object.getOwnPropertyDescriptor(Products.prototype, 'product');
Param('slug')(Products.prototype, 'product', 0);
Header('Content-Type', 'application/json')(Products.prototype, 'product', handler);
Get('v1/products/:slug')(Products.prototype, 'product', handler);
Controller()(Products);
Module({ controllers: [Products] })(App);

const app = await NestFactory.create(App, { logger: false });
app.getHttpAdapter().get('/health/ready', (_request, response) => response.json({}));
await app.listen(Number(process.env['PORT']), '127.0.0.1');
