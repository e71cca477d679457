using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting.Local.Servers;

/// <summary>The machine's own PostgreSQL, on a cluster of its own.</summary>
internal sealed class PostgresServer : ILocalServer
{
    private const string DuplicateDatabase = "42P04";
    private const string WrongPassword = "28P01";

    public async Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var server = Programs.Require(start.Resource.Name, "postgres", "postgresql", DebianFolders());
        var data = start.DataDirectory();

        // PostgreSQL refuses to run as root.
        UserAccount? account = Environment.IsPrivilegedProcess ? UserAccount.Find("postgres") : null;
        if (account is { } owner)
        {
            OpenTo(owner, data);
        }

        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            await CreateClusterAsync(start, Path.Combine(Path.GetDirectoryName(server)!, "initdb"), data, account, cancellationToken).ConfigureAwait(false);
        }

        var port = start.Port("tcp").ToString(CultureInfo.InvariantCulture);
        return new ProcessSpec(server, ["-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
        {
            WorkingDirectory = data,
            RunAs = account,

            // "Fast shutdown"; SIGTERM would wait for clients to leave.
            StopSignal = LocalProcess.SigInt,
        };
    }

    /// <summary>Signs in and asks for a row; null when it answers, else what is wrong.</summary>
    /// <exception cref="DistributedApplicationException">Asking again will not help.</exception>
    public static async Task<string?> ProbeAsync(PostgresServerResource postgres, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await ConnectAsync(postgres, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (PostgresException exception) when (exception.SqlState == WrongPassword)
        {
            throw new DistributedApplicationException(
                $"{postgres.Name}: its data was made with another password. Set Parameters:{postgres.PasswordParameter.Name} to that one, or delete the data's folder.");
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return exception.Message;
        }
    }

    /// <summary>Creates <paramref name="database"/> unless it exists.</summary>
    public static async Task CreateDatabaseAsync(PostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(database.Parent, cancellationToken).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE \"{database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == DuplicateDatabase)
        {
            // An earlier run made it.
        }
    }

    private static async Task<NpgsqlConnection> ConnectAsync(PostgresServerResource postgres, CancellationToken cancellationToken)
    {
        var connectionString = await postgres.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var connection = new NpgsqlConnection($"{connectionString};Database=postgres;Pooling=false;Timeout=5");
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task CreateClusterAsync(ResourceStart start, string initdb, string data, UserAccount? account, CancellationToken cancellationToken)
    {
        var postgres = (PostgresServerResource)start.Resource;
        var user = await postgres.UserNameReference.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var password = await postgres.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var passwordFile = PrivateFile.Write(start.RunDirectory, "password", password!);
        if (account is { } owner)
        {
            OpenTo(owner, passwordFile);
        }

        var exitCode = await LocalProcess.RunAsync(
            new ProcessSpec(initdb, ["-D", data, "-U", user!, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]) { WorkingDirectory = data, RunAs = account },
            start.Log.Write,
            cancellationToken).ConfigureAwait(false);
        File.Delete(passwordFile);
        if (exitCode != 0)
        {
            throw new DistributedApplicationException($"{start.Resource.Name}: initdb ended with code {exitCode}: {start.Log.LastWords()}. Empty {data} and try again.");
        }
    }

    // The account owns the path itself and may pass through the folders above it; only those of temporary places are opened for that.
    private static void OpenTo(UserAccount account, string path)
    {
        if (ChangeOwner(path, account.UserId, account.GroupId) != 0)
        {
            throw new DistributedApplicationException($"{path} cannot be given to the account {account.Name} that PostgreSQL runs as. Choose another folder: CLEARWAY_VOLUMES=/path ./clearway run");
        }

        for (var above = Directory.GetParent(path); above is not null; above = above.Parent)
        {
            var mode = File.GetUnixFileMode(above.FullName);
            if (mode.HasFlag(UnixFileMode.OtherExecute))
            {
                continue;
            }

            if (!above.FullName.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) && !above.FullName.StartsWith("/var/lib/clearway", StringComparison.Ordinal))
            {
                throw new DistributedApplicationException($"{above.FullName} is closed to the account {account.Name} that PostgreSQL runs as. Choose another folder: CLEARWAY_VOLUMES=/path ./clearway run");
            }

            File.SetUnixFileMode(above.FullName, mode | UnixFileMode.OtherExecute);
        }
    }

    private static IEnumerable<string> DebianFolders() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => Path.Combine(version, "bin"))
        : [];

    [DllImport("libc", EntryPoint = "chown", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int userId, int groupId);
}
