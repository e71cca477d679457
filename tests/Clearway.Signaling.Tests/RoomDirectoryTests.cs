using System.Diagnostics.Metrics;
using System.Globalization;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Tests;

/// <summary>Which rooms a node remembers.</summary>
public sealed class RoomDirectoryTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TimeWheel _wheel;
    private readonly RoomDirectory _rooms;

    public RoomDirectoryTests()
    {
        var metrics = new SignalingMetrics(
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        var node = new NodeIdentity();
        _wheel = new TimeWheel(_time, metrics);
        _rooms = new RoomDirectory(node, new ClusterOutbox(node, metrics), _wheel, _time, Options.Create(new SignalingOptions()), metrics, NullLogger<Room>.Instance);
    }

    public void Dispose() => _wheel.Dispose();

    [Fact]
    public void Room_ThatEmptied_IsRememberedUntilItsDeadline()
    {
        var room = Use("r", minutes: 30);
        _rooms.Release(room);

        Assert.Null(_rooms.Find(room.Id));
        Assert.Empty(_rooms.All());
        Assert.Same(room, _rooms.Acquire(room.Id));
        Assert.Same(room, _rooms.Find(room.Id));
        _rooms.Release(room);
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.NotSame(room, _rooms.Acquire(room.Id));
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void Room_ThatRedisNeverTold_IsNotRemembered()
    {
        var room = _rooms.Acquire(new RoomId("r"));
        _rooms.Release(room);

        Assert.NotSame(room, _rooms.Acquire(room.Id));
    }

    [Fact]
    public void Shards_OfIdleRooms_ForgetTheOneUsedLeastRecently()
    {
        const int Many = 3 * RoomDirectory.MaxIdlePerShard * TimeWheel.Shards / 2;
        var first = Use("first", minutes: 300);
        _rooms.Release(first);
        for (var i = 0; i < Many; i++)
        {
            _rooms.Release(Use(i.ToString(CultureInfo.InvariantCulture), minutes: 300));
        }

        Assert.NotSame(first, _rooms.Acquire(first.Id));
        Assert.InRange(_wheel.Count, 1, RoomDirectory.MaxIdlePerShard * TimeWheel.Shards);
    }

    private Room Use(string id, int minutes)
    {
        var room = _rooms.Acquire(new RoomId(id));
        var deadline = (_time.GetUtcNow() + TimeSpan.FromMinutes(minutes)).ToUnixTimeMilliseconds();
        room.Reconcile(new RosterSnapshot(
            1,
            new PolicyState(new RoomPolicy(8, minutes, Deadline: deadline), 1),
            default,
            new OrdersState(RoomOrders.None, 0),
            [],
            []));
        return room;
    }
}
