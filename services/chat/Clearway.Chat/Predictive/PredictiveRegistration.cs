namespace Clearway.Chat.Predictive;

internal static class PredictiveRegistration
{
    /// <summary>Adds predictive text; the dictionaries are mapped before the service starts to listen.</summary>
    public static void AddPredictiveText(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SpokenWords>();
        builder.Services.AddSingleton<WordLearning>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WordLearning>());
        builder.Services.AddSingleton<PredictiveText>();
        builder.Services.AddHostedService<WordsLoading>();
    }

    private sealed class WordsLoading(IServiceProvider services, ILogger<PredictiveText> logger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            ChatLog.WordsLoaded(logger, services.GetRequiredService<PredictiveText>().Words);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
