using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Servers;

/// <summary>The machine's own <c>redis-server</c>.</summary>
internal sealed class RedisServer : ILocalServer
{
    public async Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var program = Programs.Require(start.Resource.Name, "redis-server", "redis-server");
        var password = await ((RedisResource)start.Resource).PasswordParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var data = start.DataDirectory();

        // A file that only its owner can read: arguments can be seen by every user of the machine.
        var settings = PrivateFile.Write(start.RunDirectory, "redis.conf", $"""
            bind 127.0.0.1
            port {start.Port("tcp")}
            dir "{data}"
            requirepass "{password}"
            save {(start.KeepsData ? "60 1" : "\"\"")}
            """);
        return new ProcessSpec(program, [settings]) { WorkingDirectory = data };
    }

    /// <summary>Signs in and sends PING; null when it answers, else what is wrong.</summary>
    public static async Task<string?> PingAsync(RedisResource redis, CancellationToken cancellationToken)
    {
        var password = await redis.PasswordParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? "";
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, redis.PrimaryEndpoint.Port, cancellationToken).ConfigureAwait(false);
            await using var stream = client.GetStream();
            var command = $"*2\r\n$4\r\nAUTH\r\n${Encoding.UTF8.GetByteCount(password)}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(command), cancellationToken).ConfigureAwait(false);
            using var reader = new StreamReader(stream);
            var signedIn = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            var pong = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            return (signedIn, pong) == ("+OK", "+PONG") ? null : $"it answers {signedIn} {pong}";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return exception.Message;
        }
    }
}
