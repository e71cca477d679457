using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Tests;

public class TokenBucketTests
{
    [Fact]
    public void TryTake_MoreOftenThanAllowed_PassesTheRateAndNoMore()
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(30, time);

        Assert.Equal(30, Enumerable.Range(0, 100).Count(_ => bucket.TryTake(out TimeSpan _)));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => bucket.TryTake(out TimeSpan _)));
        bucket.TryTake(out var wait);
        Assert.Equal(1.0 / 30, wait.TotalSeconds, tolerance: 1e-6);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(30, Enumerable.Range(0, 100).Count(_ => bucket.TryTake(out TimeSpan _)));
    }
}
