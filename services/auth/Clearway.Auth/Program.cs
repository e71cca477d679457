using Clearway.Auth;
using Clearway.Auth.Accounts;
using Clearway.Auth.Certificates;
using Clearway.Auth.Invitations;
using Clearway.Auth.Organizations;
using Clearway.Auth.Rooms;
using Clearway.Auth.Tokens;
using Clearway.Auth.TurnCredentials;
using Clearway.ServiceDefaults;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults();
    builder.AddRedisClient("redis");
    builder.AddTokens();
    builder.AddCertificates();
    builder.AddAccounts();
    builder.AddOrganizations();
    builder.AddInvitations();
    builder.AddTurnCredentials();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddSingleton<AuthMetrics>();
    builder.Services.AddGrpc();

    var app = builder.Build();
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    app.LoadOrganizations();
    app.UseProblemsForFaults();
    app.MapAccounts();
    app.MapRooms();
    app.MapInvitations();
    app.MapMinting();
    app.MapIceServers();
    app.MapTokens();
    app.MapCertificates();
    app.MapGrpcService<AuthGrpc>();
    app.MapHealthEndpoints();
    app.MapFallback("{**path}", () => Clearway.Auth.Refusal.NotFound);
    app.Run();
    return 0;
}
catch (Exception refused) when (refused is ConfigurationRefusedException or OptionsValidationException)
{
    // One line for the person who configures the service: a stack trace would tell nothing more.
    await Console.Error.WriteLineAsync($"auth does not start: {refused.Message}");
    return 1;
}
