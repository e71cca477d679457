using System.Net;
using System.Net.Sockets;

namespace Clearway.Auth.Accounts;

/// <summary>
/// Bounds wrong passwords: 10 a minute from one address (an IPv6 network of 64 bits counts as one), 100 a minute from all of them.
/// An attempt counts until it turns out to be right, so any number of right ones may pass. Addresses of which a right one came before are
/// not bound by the others: whoever fills the minute with wrong ones keeps strangers out, and no organizer at the usual desk.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    public const int MaxPerAddress = 10;

    public const int MaxOfAll = 100;

    public const int MaxKnown = 1000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    // guarded by _gate; holds MaxOfAll entries at most, and one for each of _known
    private readonly Dictionary<IPAddress, int> _attempts = [];

    // guarded by _gate; when each address last had the right password, of MaxKnown at most
    private readonly Dictionary<IPAddress, DateTimeOffset> _known = [];
    private int _attemptsOfAll;
    private DateTimeOffset _windowEnd;

    /// <summary>Answers null when the attempt may be made, or how long to wait. A permitted attempt counts until it is forgiven.</summary>
    public TimeSpan? TryEnter(IPAddress address)
    {
        var network = Network(address);
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (now >= _windowEnd)
            {
                _attempts.Clear();
                _attemptsOfAll = 0;
                _windowEnd = now + Window;
            }

            var attempts = _attempts.GetValueOrDefault(network);
            if (attempts >= MaxPerAddress || (_attemptsOfAll >= MaxOfAll && !_known.ContainsKey(network)))
            {
                return _windowEnd - now;
            }

            _attempts[network] = attempts + 1;
            _attemptsOfAll++;
            return null;
        }
    }

    /// <summary>The attempt that was permitted to <paramref name="address"/> had the right password: the address is known from now on.</summary>
    public void Forgive(IPAddress address)
    {
        var network = Network(address);
        lock (_gate)
        {
            _known[network] = time.GetUtcNow();
            if (_known.Count > MaxKnown)
            {
                _known.Remove(_known.MinBy(known => known.Value).Key);
            }

            // A new window may have begun meanwhile.
            if (_attempts.TryGetValue(network, out var attempts) && attempts > 0)
            {
                _attempts[network] = attempts - 1;
                _attemptsOfAll--;
            }
        }
    }

    private static IPAddress Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
