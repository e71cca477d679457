using Clearway.Signaling.Rooms;
using Clearway.Testing;

namespace Clearway.Signaling.Tests;

public class TokenBucketTests
{
    [Fact]
    public void TryTake_MoreOftenThanAllowed_PassesTheRateAndNoMore()
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(30, time);

        Assert.Equal(30, Enumerable.Range(0, 100).Count(_ => bucket.TryTake()));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => bucket.TryTake()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(30, Enumerable.Range(0, 100).Count(_ => bucket.TryTake()));
    }
}
