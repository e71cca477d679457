namespace Clearway.LoadTest.Relay;

/// <summary>What is relayed: a session description of 1.2 KB as JSON text, the same for every server.</summary>
internal static class Offer
{
    /// <summary>The description between the quotes of a JSON string, its line ends escaped as JSON asks for.</summary>
    internal static string Description { get; } = Make();

    private static string Make()
    {
        var lines = new List<string>
        {
            "v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1", "a=msid-semantic: WMS stream",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0", "a=ice-ufrag:4ZcD",
            "a=ice-pwd:2/1muCWoOi3uLifh0NuRHlig", "a=ice-options:trickle",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
            "a=setup:actpass", "a=mid:0", "a=sendrecv", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1",
        };
        for (var port = 50_000; lines.Sum(line => line.Length + 4) < 1_140; port++)
        {
            lines.Add($"a=candidate:1 1 udp 2122260223 192.0.2.1 {port} typ host");
        }

        return string.Concat(lines.Select(line => line + "\\r\\n"));
    }
}
