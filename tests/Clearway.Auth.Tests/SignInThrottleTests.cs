using System.Net;
using Clearway.Auth.Accounts;
using Clearway.Testing;

namespace Clearway.Auth.Tests;

/// <summary>Wrong passwords are bounded, for each address and for all of them.</summary>
public sealed class SignInThrottleTests
{
    private readonly ManualTime _time = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_time);

    [Fact]
    public void TryEnter_MoreThanTenOfOneAddress_WaitsForTheWindowToEnd()
    {
        var attempts = Enumerable.Range(0, 11).Select(_ => _throttle.TryEnter(Address("192.0.2.1"))).ToList();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.All(attempts[..10], Assert.Null);
        Assert.Equal(SignInThrottle.Window, attempts[10]);
        Assert.Equal(TimeSpan.FromSeconds(40), _throttle.TryEnter(Address("192.0.2.1")));
        Assert.Null(_throttle.TryEnter(Address("192.0.2.2")));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(_throttle.TryEnter(Address("192.0.2.1")));
    }

    [Fact]
    public void TryEnter_MoreThanAHundredOfManyAddresses_IsRefusedForAll()
    {
        for (var i = 0; i < SignInThrottle.MaxOfAll; i++)
        {
            Assert.Null(_throttle.TryEnter(Address($"192.0.2.{i}")));
        }

        Assert.NotNull(_throttle.TryEnter(Address("198.51.100.1")));
    }

    [Fact]
    public void TryEnter_AddressThatHadTheRightPassword_IsNotKeptOutByOthers()
    {
        Assert.Null(_throttle.TryEnter(Address("198.51.100.1")));
        _throttle.Forgive(Address("198.51.100.1"));
        _time.Advance(TimeSpan.FromHours(12));
        for (var i = 0; i < SignInThrottle.MaxOfAll; i++)
        {
            Assert.Null(_throttle.TryEnter(Address($"192.0.2.{i}")));
        }

        var attempts = Enumerable.Range(0, 11).Select(_ => _throttle.TryEnter(Address("198.51.100.1"))).ToList();

        Assert.NotNull(_throttle.TryEnter(Address("198.51.100.2")));
        Assert.Equal(10, attempts.Count(wait => wait is null));
    }

    [Fact]
    public void Forgive_MoreAddressesThanAreKnown_ForgetsTheOneLongestAgo()
    {
        for (var i = 0; i <= SignInThrottle.MaxKnown; i++)
        {
            Assert.Null(_throttle.TryEnter(Address($"10.0.{i / 256}.{i % 256}")));
            _throttle.Forgive(Address($"10.0.{i / 256}.{i % 256}"));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        for (var i = 0; i < SignInThrottle.MaxOfAll; i++)
        {
            Assert.Null(_throttle.TryEnter(Address($"192.0.2.{i}")));
        }

        Assert.NotNull(_throttle.TryEnter(Address("10.0.0.0")));
        Assert.Null(_throttle.TryEnter(Address("10.0.0.1")));
    }

    [Fact]
    public void Forgive_RightPasswords_AreNotCounted()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.Null(_throttle.TryEnter(Address("192.0.2.1")));
            _throttle.Forgive(Address("192.0.2.1"));
        }
    }

    [Fact]
    public void Forgive_InANewWindow_GivesNothingAway()
    {
        Assert.Null(_throttle.TryEnter(Address("192.0.2.1")));
        _time.Advance(SignInThrottle.Window);
        Assert.Null(_throttle.TryEnter(Address("192.0.2.2")));
        _throttle.Forgive(Address("192.0.2.1"));

        var attempts = Enumerable.Range(0, 11).Select(_ => _throttle.TryEnter(Address("192.0.2.1"))).ToList();

        Assert.Equal(10, attempts.Count(wait => wait is null));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", false)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", true)]
    public void TryEnter_AnotherAddress_CountsByNetwork(string exhausted, string next, bool permitted)
    {
        for (var i = 0; i < SignInThrottle.MaxPerAddress; i++)
        {
            Assert.Null(_throttle.TryEnter(Address(exhausted)));
        }

        Assert.Equal(permitted, _throttle.TryEnter(Address(next)) is null);
    }

    [Fact]
    public async Task SignIn_TooManyWrongPasswords_IsToldWhenToComeBack()
    {
        await using var host = await AuthHost.StartAsync();
        for (var i = 0; i < SignInThrottle.MaxPerAddress; i++)
        {
            Assert.Equal(401, await SignInAsync(host, "wrong", "203.0.113.7"));
        }

        // Even the right one: an answer would tell a guesser that it was right.
        var (status, body, response) = await host.SendAsync(
            HttpMethod.Post, "/api/v1/auth/sign-in", new { name = "Ada", password = AuthHost.Password }, forwardedFor: "203.0.113.7");

        Assert.Equal((429, "too_many_requests"), (status, (string?)body!["code"]));
        Assert.Equal(TimeSpan.FromMinutes(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal(429, await SignInAsync(host, AuthHost.Password, "198.51.100.1, 203.0.113.7"));
        Assert.Equal(200, await SignInAsync(host, AuthHost.Password, "198.51.100.1"));
        host.Time.Advance(SignInThrottle.Window);
        Assert.Equal(200, await SignInAsync(host, AuthHost.Password, "203.0.113.7"));
    }

    [Fact]
    public async Task SignIn_BehindAnIngress_CountsTheBrowsersAddress()
    {
        await using var host = await AuthHost.StartAsync(new() { ["Auth:ForwardedHops"] = "2" });
        for (var i = 0; i < SignInThrottle.MaxPerAddress; i++)
        {
            Assert.Equal(401, await SignInAsync(host, "wrong", "203.0.113.7, 10.0.0.1"));
        }

        Assert.Equal(429, await SignInAsync(host, AuthHost.Password, "198.51.100.9, 203.0.113.7, 10.0.0.1"));
        Assert.Equal(200, await SignInAsync(host, AuthHost.Password, "198.51.100.1, 10.0.0.1"));
    }

    private static IPAddress Address(string text) => IPAddress.Parse(text);

    private static async Task<int> SignInAsync(AuthHost host, string password, string forwardedFor) =>
        (await host.SendAsync(HttpMethod.Post, "/api/v1/auth/sign-in", new { name = "Ada", password }, forwardedFor: forwardedFor)).Status;
}
