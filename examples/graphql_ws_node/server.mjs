// A GraphQL server on graphql-ws, which lets in whoever shows a token in its connection_init.
import { GraphQLFloat, GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { jwtVerify } from 'jose';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

// Public: good for loopback and nothing else.
const DEMO_KEY = 'graphql-demo-key-that-everybody-knows';
const key = new TextEncoder().encode(process.env.GRAPHQL_JWT_KEY ?? DEMO_KEY);
const port = Number(process.argv[2] ?? 0);
const INIT_TIMEOUT = 2000; // milliseconds to wait for a connection_init

const query = new GraphQLObjectType({
  name: 'Query',
  fields: {
    hello: {
      type: GraphQLString,
      args: { name: { type: GraphQLString, defaultValue: 'world' } },
      resolve: (_, { name }) => `Hello, ${name}!`,
    },
    broken: {
      type: GraphQLString,
      resolve: () => {
        throw new Error('the field broken is broken');
      },
    },
  },
});

async function* count(_, { to, delay }) {
  for (let number = 1; number <= to; number += 1) {
    yield { count: number };
    await sleep(delay * 1000);
  }
}

async function* breaks(_, { after }) {
  for (let number = 1; number <= after; number += 1) yield { breaks: number };
  throw new Error(`the stream broke off after ${after}`);
}

const subscription = new GraphQLObjectType({
  name: 'Subscription',
  fields: {
    count: {
      type: GraphQLInt,
      args: {
        to: { type: new GraphQLNonNull(GraphQLInt) },
        delay: { type: GraphQLFloat, defaultValue: 0.01 },
      },
      subscribe: count,
    },
    breaks: {
      type: GraphQLInt,
      args: { after: { type: new GraphQLNonNull(GraphQLInt) } },
      subscribe: breaks,
    },
  },
});

// Whether the token holds; what is wrong with it is nobody's business.
async function letIn({ connectionParams }) {
  const [scheme, token] = String(connectionParams?.Authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer') return false;
  try {
    await jwtVerify(token, key, { algorithms: ['HS256'], audience: 'graphql', requiredClaims: ['sub', 'exp'] });
    return true;
  } catch {
    return false;
  }
}

const server = new WebSocketServer({ host: '127.0.0.1', port, path: '/graphql' });
const serving = useServer(
  {
    schema: new GraphQLSchema({ query, subscription }),
    connectionInitWaitTimeout: INIT_TIMEOUT,
    onConnect: letIn,
  },
  server,
);

server.once('listening', () => console.log(`graphql server on ws://127.0.0.1:${server.address().port}/graphql`));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await serving.dispose();
    process.exit(0);
  });
}
