using System.Net.WebSockets;
using Clearway.Proxy.Routing;
using Clearway.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using StackExchange.Redis;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RoomAffinityTests
{
    [Theory]
    [InlineData("clearway.v1, room.r7k2m9qxw4tz", "r7k2m9qxw4tz")]
    [InlineData("room.r7k2m9qxw4tz,clearway.v1", "r7k2m9qxw4tz")]
    [InlineData("clearway.v1, room.short, room.r7k2m9qxw4tz", "r7k2m9qxw4tz")]
    [InlineData("clearway.v1", null)]
    [InlineData("clearway.v1, room.R7K2M9QXW4TZ", null)]
    [InlineData("clearway.v1, room.r7k2m9qxw4tzz", null)]
    [InlineData("clearway.v1, room.r7k2m9qxw4t\r\n", null)]
    [InlineData("room.", null)]
    public void Hint_IsTakenOnlyWhenItIsARoomId(string offered, string? expected) =>
        Assert.Equal(expected, RoomHint.Of(new HeaderDictionary { [HeaderNames.SecWebSocketProtocol] = offered }));

    [Fact]
    public void Rooms_SpreadEvenly_AndMoveOnlyWithTheirNode()
    {
        var nodes = Enumerable.Range(0, 5).Select(i => $"node{i}").ToList();
        var rooms = Enumerable.Range(0, 10_000).Select(i => $"room{i}").ToList();
        string NodeOf(string room, IEnumerable<string> among) => among.MaxBy(node => RoomAffinity.Weight(room, node))!;
        var before = rooms.ToDictionary(room => room, room => NodeOf(room, nodes));

        Assert.All(before.GroupBy(pair => pair.Value), node => Assert.InRange(node.Count(), 1_800, 2_200));
        foreach (var (room, node) in before)
        {
            var after = NodeOf(room, nodes.Where(other => other != "node2"));
            Assert.True(node == "node2" || node == after, $"{room} moved from {node} to {after}");
        }
    }

    [Fact]
    public async Task Rooms_HaveOneNodeEach_UntilItDies()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.WaitForAsync("Information 2 of 2 nodes");
        var rooms = Enumerable.Range(0, 12).Select(i => $"room{i:D8}").ToList();
        var nodeOf = new Dictionary<string, int>();
        foreach (var room in rooms)
        {
            var nodes = new[] { await cluster.NodeOfAsync(room), await cluster.NodeOfAsync(room), await cluster.NodeOfAsync(room) };
            nodeOf[room] = Assert.Single(nodes.Distinct());
        }

        Assert.Equal([0, 1], nodeOf.Values.Distinct().Order());

        // Before anybody has noticed, and afterwards.
        await cluster.KillNodeAsync(0);
        Assert.Equal(1, await cluster.NodeOfAsync(rooms.First(room => nodeOf[room] == 0)));
        await cluster.WaitForAsync("Information 1 of 2 nodes");
        foreach (var room in rooms)
        {
            Assert.Equal(1, await cluster.NodeOfAsync(room));
        }
    }

    [Fact]
    public async Task Handshakes_WithoutAHint_GoWhereLessIsGoingOn()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.WaitForAsync("Information 2 of 2 nodes");
        using var first = await cluster.ConnectAsync(room: null);
        using var second = await cluster.ConnectAsync(room: null);

        Assert.Equal([1, 1], cluster.Nodes.Select(node => node.Requests.Count(request => request.Path == "/api/v1/ws")));
    }

    [Fact]
    public async Task Nodes_WhileRedisIsAway_AreThoseKnownLast()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.WaitForAsync("Information 2 of 2 nodes");
        var node = await cluster.NodeOfAsync("r7k2m9qxw4tz");

        await cluster.Redis.CrashAsync();
        await cluster.WaitForAsync("Warning Redis does not list");

        Assert.Equal(node, await cluster.NodeOfAsync("r7k2m9qxw4tz"));
        using var readiness = await cluster.Edge.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.True(readiness.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Gateway_WhoseNodesAreNotReached_IsReachedByItsServiceAddress()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.WaitForAsync("Information 2 of 2 nodes");

        // As behind a platform that shows one address only: nobody answers under these.
        cluster.Nodes[0].NodeId = cluster.Nodes[1].NodeId = null;
        await cluster.WaitForAsync("Information 0 of 2 nodes");

        Assert.Equal(2, await cluster.NodeOfAsync("r7k2m9qxw4tz"));
    }

    /// <summary>A proxy, two nodes in Redis' registry, and, as the third, what the service's plain address leads to.</summary>
    private sealed class Cluster : IAsyncDisposable
    {
        private readonly ConnectionMultiplexer _registry;

        private Cluster(RedisServer redis, ConnectionMultiplexer registry, Edge edge, Upstreams[] nodes)
        {
            Redis = redis;
            _registry = registry;
            Edge = edge;
            Nodes = nodes;
        }

        internal RedisServer Redis { get; }

        internal Edge Edge { get; }

        internal Upstreams[] Nodes { get; }

        internal static async Task<Cluster> StartAsync()
        {
            var redis = await RedisServer.StartAsync();
            var registry = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
            var nodes = new[] { await Upstreams.StartAsync(), await Upstreams.StartAsync() };
            for (var i = 0; i < nodes.Length; i++)
            {
                nodes[i].NodeId = $"{i}";
                await registry.GetDatabase().StringSetAsync($"clearway:node:{i}", nodes[i].Http, null, When.Always, CommandFlags.None);
                await registry.GetDatabase().SetAddAsync("clearway:nodes", $"{i}");
            }

            var edge = await Edge.StartAsync(settings: ("ConnectionStrings:redis", redis.ConnectionString));
            return new Cluster(redis, registry, edge, nodes);
        }

        internal Task<IReadOnlyList<string>> WaitForAsync(string line) => Edge.Log.ReadUntilAsync(line);

        internal async Task KillNodeAsync(int node) => await Nodes[node].DisposeAsync();

        /// <summary>Connects for a room and tells where that led to: a node, or 2 for the service's address.</summary>
        internal async Task<int> NodeOfAsync(string room)
        {
            Upstreams[] all = [.. Nodes, Edge.Upstreams];
            var before = all.Select(Handshakes).ToList();
            using var socket = await ConnectAsync(room);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            return Enumerable.Range(0, all.Length).Single(i => Handshakes(all[i]) > before[i]);
        }

        internal async Task<ClientWebSocket> ConnectAsync(string? room)
        {
            var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("clearway.v1");
            if (room is not null)
            {
                socket.Options.AddSubProtocol("room." + room);
            }

            await socket.ConnectAsync(
                new UriBuilder(Edge.Address) { Scheme = "ws", Path = "/api/v1/ws" }.Uri, CancellationToken.None);
            Assert.Equal("clearway.v1", socket.SubProtocol);
            return socket;
        }

        public async ValueTask DisposeAsync()
        {
            await Edge.DisposeAsync();
            foreach (var node in Nodes)
            {
                await node.DisposeAsync();
            }

            _registry.Dispose();
            await Redis.DisposeAsync();
        }

        private static int Handshakes(Upstreams gateway) => gateway.Requests.Count(request => request.Path == "/api/v1/ws");
    }
}
